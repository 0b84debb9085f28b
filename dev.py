#!/usr/bin/env python3
"""One command for everything: run, test, check, bench. Standard library alone; sets up what is missing, and says so.

python3 dev.py run            open the program on a copy of the sample survey
python3 dev.py test [ARGS]    the whole test suite, offscreen (ARGS go to pytest)
python3 dev.py check          lint, types, import contracts, sizes, tests
python3 dev.py bench [NAMES]  benchmarks: ours against a bare baseline (--json FILE)
python3 dev.py setup          only set up
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "barrierfree-setup"
OLDEST = (3, 11)

# Debian and Ubuntu packages that PySide6 with QtWebEngine needs: (package, library by which it is recognised).
LIBRARIES = {
    "libasound2": "asound", "libdbus-1-3": "dbus-1", "libegl1": "EGL", "libfontconfig1": "fontconfig",
    "libgbm1": "gbm", "libgl1": "GL", "libglib2.0-0": "glib-2.0", "libgssapi-krb5-2": "gssapi_krb5",
    "libnspr4": "nspr4", "libnss3": "nss3", "libudev1": "udev", "libx11-xcb1": "X11-xcb",
    "libxcb-cursor0": "xcb-cursor", "libxcb-dri3-0": "xcb-dri3", "libxcb-glx0": "xcb-glx",
    "libxcb-icccm4": "xcb-icccm", "libxcb-image0": "xcb-image", "libxcb-keysyms1": "xcb-keysyms",
    "libxcb-randr0": "xcb-randr", "libxcb-render-util0": "xcb-render-util", "libxcb-shape0": "xcb-shape",
    "libxcb-shm0": "xcb-shm", "libxcb-sync1": "xcb-sync", "libxcb-xfixes0": "xcb-xfixes",
    "libxcb-xkb1": "xcb-xkb", "libxcomposite1": "Xcomposite", "libxdamage1": "Xdamage",
    "libxkbcommon-x11-0": "xkbcommon-x11", "libxkbfile1": "xkbfile", "libxrandr2": "Xrandr", "libxtst6": "Xtst",
}  # fmt: skip
# From Ubuntu 24.04 and Debian 13 on some packages carry another name.
RENAMED = {"libasound2": "libasound2t64", "libglib2.0-0": "libglib2.0-0t64"}
FONT = "fonts-noto-cjk"
# Programs that tests use to look at our files as others do: (package, program or file by which it is recognised).
TEST_PROGRAMS = {
    "gdal-bin": "ogrinfo",
    "python3-gdal": "/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py",
    "libreoffice-calc": "soffice",
    "strace": "strace",
}


def say(text: str) -> None:
    """Tell what is being done."""
    print(f"dev.py: {text}", flush=True)


def missing_packages(with_tests: bool) -> list[str]:
    """The Debian packages that are not there yet."""
    if not sys.platform.startswith("linux"):
        return []
    found = [package for package, library in LIBRARIES.items() if not ctypes.util.find_library(library)]
    if not _has_chinese_font():
        found.append(FONT)
    if with_tests:
        found += [p for p, program in TEST_PROGRAMS.items() if not (shutil.which(program) or Path(program).exists())]
    return found


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return any(Path(folder).is_dir() for folder in ("/usr/share/fonts/opentype/noto",))
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def set_up_system(with_tests: bool) -> None:
    """Install missing shared libraries and a Chinese font where apt may, else print the command that does."""
    packages = missing_packages(with_tests)
    if not packages:
        return
    apt = shutil.which("apt-get")
    if not apt:
        say("these may be missing: " + " ".join(packages))
        return
    prefix: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        allowed = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
        if not (sudo and allowed):
            say("please install what is missing with this one command, then start again:")
            print("  sudo apt-get update && sudo apt-get install -y " + " ".join(packages), flush=True)
            return
        prefix = [sudo, "-n"]
    say("installing with apt-get: " + " ".join(packages))
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, apt, "update", "-qq"], check=False, env=environment)
    known = [p for p in packages if _in_apt(p)] + [RENAMED[p] for p in packages if p in RENAMED and not _in_apt(p)]
    done = subprocess.run(
        [*prefix, apt, "install", "-y", "-qq", "--no-install-recommends", *known],
        check=False, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode != 0:
        say(f"apt-get did not install them (exit {done.returncode}); going on, the program may not start")


def _in_apt(package: str) -> bool:
    shown = subprocess.run(["apt-cache", "show", package], capture_output=True, text=True, check=False)
    return shown.returncode == 0 and "Package:" in shown.stdout


def python() -> Path:
    """The interpreter of the virtual environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def set_up_python() -> None:
    """Make ``.venv`` with the pinned requirements and the package, unless it is already as it should be."""
    parts = [(ROOT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    wanted = hashlib.sha256(b"".join(parts) + sys.version.encode() + str(ROOT).encode()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted and python().exists():
        return
    say(f"making {VENV.name} and installing the pinned requirements (once; takes a minute)")
    if not python().exists() or not _same_python():
        venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)
    pip = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.txt")], check=True)
    # setuptools warns at length of what an editable install is; its words are shown only when it fails
    done = subprocess.run([*pip, "--no-deps", "--editable", str(ROOT)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
        done.check_returncode()
    STAMP.write_text(wanted)


def _same_python() -> bool:
    shown = subprocess.run(
        [str(python()), "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip() == sys.version.strip()


def environment(offscreen: bool) -> dict[str, str]:
    """The environment for our own processes."""
    env = dict(os.environ)
    env["PYTHONUTF8"] = "1"
    if offscreen:
        env["QT_QPA_PLATFORM"] = "offscreen"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        env["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium refuses to run its sandbox as root
    return env


def call(*arguments: str, offscreen: bool = True) -> int:
    """Run the virtual environment's Python with ``arguments`` in the project folder; its exit code."""
    return subprocess.run([str(python()), *arguments], cwd=ROOT, env=environment(offscreen), check=False).returncode


def has_display() -> bool:
    """Whether a window can be shown."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run() -> int:
    """Open the program on a copy of the sample survey; without a display, run the demo."""
    if not has_display():
        out = ROOT / "exports" / "demo"
        say(f"there is no display here, so the demo runs instead; its pictures go to {out}")
        return call("-m", "barrierfree", "demo", "--out", str(out))
    sample = ROOT / "exports" / "双井示例普查.gpkg"
    if not sample.exists():
        say("making a copy of the sample survey (once)")
        made = call("-m", "barrierfree", "new", str(sample), "--definition", "shuangjing-sample", "--sample")
        if made:
            return made
    return call("-m", "barrierfree", str(sample), offscreen=False)


def check() -> int:
    """Lint, types, import contracts, sizes and tests; the first that fails ends it."""
    lint = str(python().with_name("lint-imports" + (".exe" if os.name == "nt" else "")))
    steps = [
        ("lint", [str(python()), "-m", "ruff", "check", "."]),
        ("format", [str(python()), "-m", "ruff", "format", "--check", "."]),
        ("types", [str(python()), "-m", "mypy"]),
        ("import contracts", [lint]),
        ("sizes and tests", [str(python()), "-m", "pytest"]),
    ]
    for name, command in steps:
        say(name)
        code = subprocess.run(command, cwd=ROOT, env=environment(True), check=False).returncode
        if code:
            say(f"{name}: failed (exit {code})")
            return code
    return 0


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    if sys.version_info < OLDEST:
        say(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}")
        return 1
    command, rest = (arguments or ["help"])[0], arguments[1:]
    if command not in ("run", "test", "check", "bench", "setup"):
        print(__doc__)
        return 0 if command in ("help", "-h", "--help") else 2
    try:
        set_up_system(with_tests=command in ("test", "check"))
        set_up_python()
    except subprocess.CalledProcessError as error:
        say(f"set-up failed: {' '.join(map(str, error.cmd[:6]))} … (exit {error.returncode}); start again to retry")
        return 1
    match command:
        case "run":
            return run()
        case "test":
            return call("-m", "pytest", *rest)
        case "check":
            return check()
        case "bench":
            return call("-m", "benchmarks", *rest)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
