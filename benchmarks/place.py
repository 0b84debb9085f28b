"""Where a run of the benchmarks happens: a sample survey in a folder of its own, and child processes."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAFLET = ROOT / "resources" / "leaflet"


@dataclass(frozen=True)
class Place:
    """The folder of a run; ``survey`` is the 1,412-site sample in it."""

    folder: Path
    survey: Path

    @classmethod
    def made(cls, folder: Path) -> Place:
        """Make the sample, and the points of its sites for the baselines of the map."""
        place = cls(folder, folder / "sample.gpkg")
        place.run(["-m", "barrierfree", "new", str(place.survey), "--definition", "shuangjing-sample", "--sample"])
        sql = sqlite3.connect(place.survey)
        points = sql.execute("SELECT lat, lon FROM sites WHERE lon IS NOT NULL").fetchall()
        sql.close()
        place.points.write_text(f"const POINTS = {json.dumps(points)};")
        return place

    @property
    def points(self) -> Path:
        """A script with the positions of the sites."""
        return self.folder / "points.js"

    def copy(self, name: str) -> Path:
        """A fresh copy of the sample."""
        return Path(shutil.copyfile(self.survey, self.folder / name))

    def run(self, arguments: Sequence[str], before: Sequence[str] = (), limit: float = 300) -> str:
        """Run Python with ``arguments`` (after the command ``before``); the last line it prints."""
        environment = dict(os.environ)
        environment |= {
            "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1",
            "BARRIERFREE_HOME": str(self.folder / "home"), "STARTED": str(time.monotonic()), "PYTHONUTF8": "1",
        }  # fmt: skip
        done = subprocess.run(
            [*before, sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=limit,
        )
        lines = done.stdout.split("\n")
        if done.returncode or not done.stdout.strip():
            raise SystemExit(f"{' '.join(arguments)} failed ({done.returncode}):\n{done.stderr[-3000:]}")
        return [line for line in lines if line.strip()][-1]

    def alternate(self, ours: Sequence[str], bare: Sequence[str], rounds: int) -> tuple[float, float]:
        """The medians of what both print, run by turns; the first turn warms the file cache and is left out."""
        own, other = [], []
        for turn in range(rounds + 1):
            one, two = float(self.run(ours)), float(self.run(bare))
            if turn:
                own.append(one)
                other.append(two)
        return statistics.median(own), statistics.median(other)
