"""Runs the benchmarks: ``python -m benchmarks [NAMES] [--json FILE] [--list]``; exit 1 if a ratio is too high."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.benches import BENCHES, Bench
from benchmarks.line import Line
from benchmarks.place import Place


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="ours against bare baselines")
    parser.add_argument("names", nargs="*", metavar="NAMES", help="which (all if none is named)")
    parser.add_argument("--json", metavar="FILE", help="write the lines there too")
    parser.add_argument("--list", action="store_true", help="only list the names")
    given = parser.parse_args(arguments)
    if given.list:
        for name, bench in BENCHES.items():
            print(f"{name:16} {(bench.__doc__ or '').splitlines()[0]}")
        return 0
    unknown = [name for name in given.names if name not in BENCHES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHES)}")
    wanted: dict[str, Bench] = {name: BENCHES[name] for name in given.names or BENCHES}
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="barrierfree-bench-") as folder:
        place = Place.made(Path(folder))
        print(f"{'name':22}{'ours':>12}{'baseline':>12}{'ratio':>8}{'ceiling':>9}  ok", flush=True)
        for bench in wanted.values():
            for line in bench(place):
                lines.append(line)
                print(line.text(), flush=True)
    if given.json:
        Path(given.json).write_text(json.dumps([line.values() for line in lines], indent=1, ensure_ascii=False))
    return 1 if any(line.ok is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
