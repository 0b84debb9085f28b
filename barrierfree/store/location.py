"""Where a survey file lies: on this computer, or on a network share where SQLite is not safe."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_NETWORK_TYPES: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smbfs", "smb3", "fuse.sshfs", "afpfs", "webdav", "fuse.davfs2", "9p"}
)


def on_network(path: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Whether ``path`` lies on a network share, as far as the system tells (QGIS #32034, #37623)."""
    text = str(path)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        return _windows_remote(path)
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    best, kind = "", ""
    resolved = str(path.resolve())
    for line in lines:
        parts = line.split()
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = resolved == point or resolved.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind in _NETWORK_TYPES


def _windows_remote(path: Path) -> bool:
    import ctypes  # only Windows has windll

    drive = os.path.splitdrive(str(path.resolve()))[0]
    windll = getattr(ctypes, "windll", None)
    return bool(drive and windll and windll.kernel32.GetDriveTypeW(drive + "\\") == 4)  # DRIVE_REMOTE
