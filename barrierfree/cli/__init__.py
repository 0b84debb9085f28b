"""The command ``barrierfree``: a window, or one of the commands; each is imported only when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = (
    "new", "import", "list", "log", "record", "review", "step", "finding", "work", "unit", "day", "answer-notice",
    "export", "answer", "batches", "form", "submissions", "photos", "edition", "paper", "profile", "report", "result",
    "check", "basemap",
    "coordinates", "demo",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused (message and advice on stderr), 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (len(given) == 1 and given[0] not in NAMES and not given[0].startswith("-")):
        from barrierfree import start  # a window must not wait for what the commands need, nor they for Qt

        return start.run(Path(given[0]) if given else None)
    from barrierfree.cli import commands

    return commands.run(given)
