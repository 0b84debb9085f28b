"""The demo does the whole main job through the real window, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from barrierfree.model.words import FindingState
from barrierfree.store import Store


@pytest.mark.slow
def test_the_demo(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "barrierfree", "demo", "--out", str(tmp_path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    for page in ("01-overview", "02-survey", "03-map", "04-review", "05-rectification", "06-batches", "07-data",
                 "08-settings"):  # fmt: skip
        assert (tmp_path / f"{page}.png").stat().st_size > 20_000, page
    with Store.open(tmp_path / "demo.gpkg", read_only=True) as store:
        finding = store.finding(said["finding"])
        assert finding.state is FindingState.RECTIFIED
        people = {s.person_name for s in store.steps(finding.id)}
        inspectors = {i.person for i in store.inspections(checkpoint=finding.checkpoint)}
        assert len(inspectors) == 2
        assert people == {"演示工作人员（示例）"}
        assert store.check() == []
    sheet = openpyxl.load_workbook(said["workbook"])["台账"]
    assert said["site"] in {sheet.cell(r, 2).value for r in range(3, sheet.max_row + 1)}
