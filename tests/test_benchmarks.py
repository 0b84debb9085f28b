from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BASELINES = sorted((ROOT / "benchmarks" / "baselines").glob("*.py"))


@pytest.mark.parametrize("file", BASELINES, ids=lambda file: file.name)
def test_baselines_are_bare(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    imported: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add((node.module or "").split(".")[0])
    assert not imported & {"barrierfree", "benchmarks"}


def test_all_names_are_listed() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--list"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [line.split()[0] for line in shown.stdout.splitlines()]
    assert names == [
        "start", "map_page", "points", "save_inspection", "gui_thread", "import_list", "search", "search_beijing",
        "photos", "keys", "verdicts", "judged", "ledger", "overview", "report_xlsx", "report_pdf",
        "map_view", "map_view_beijing", "map_pan", "map_pan_beijing", "map_plain", "tiles", "batch_plain",
        "batch_styled", "batch_check",
    ]  # fmt: skip
    assert {f.stem for f in BASELINES} >= {"start", "map_page", "points", "save", "import_list", "search", "photos"}
