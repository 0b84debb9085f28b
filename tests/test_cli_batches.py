"""The commands about the city's system: export with its filters, answer, the ledger; refusals with their cure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from barrierfree import paths
from barrierfree.cli import main
from barrierfree.settings import Settings
from barrierfree.store import Store
from tests.builders import Clock
from tests.operations.city_survey import PROFILE, accepted, city_survey, photo, template
from tests.operations.test_city_answers import answer_file


class Shell:
    """Runs commands on one survey and reads the object they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str], file: Path) -> None:
        self._capsys, self.file, self.out = capsys, file, str(file.parent / "out")

    def run(self, command: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        self._capsys.readouterr()
        done = main([command, str(self.file), *arguments, "--json"])
        out, err = self._capsys.readouterr()
        assert done == code, (command, arguments, out, err)
        return dict(json.loads(out if out.strip() else err))


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, clock: Clock) -> Shell:
    device = Settings(paths.user_folders().settings).choices.device
    with city_survey(tmp_path / "s.gpkg", clock, device=device) as store:
        accepted(store, clock, photos=[photo(store, 1)])
        accepted(store, clock, "光环", width=1.3)
    return Shell(capsys, tmp_path / "s.gpkg")


def test_export_answer_ledger(shell: Shell, tmp_path: Path) -> None:
    checked = shell.run("export", "--check", "--out", shell.out)
    assert (checked["rows"], checked["faults"]) == (4, [])
    assert not Path(shell.out).exists()
    some = shell.run("export", "--community", "富力", "--check", "--out", shell.out)
    assert some["rows"] == 2
    done = shell.run("export", "--out", shell.out, "--by", "乙")
    assert (done["rows"], done["photos"], len(done["workbooks"])) == (4, 1, 1)
    again = shell.run("export", "--again", done["number"], "--out", str(tmp_path / "again"))
    assert Path(again["workbook"]).read_bytes() == Path(done["workbook"]).read_bytes()
    assert "没有可以导出" in shell.run("export", "--out", shell.out, code=1)["message"]
    refused = shell.run("export", "--select", "all", "--check", "--out", shell.out, code=1)
    assert {f["sort"] for f in refused["faults"]} == {"duplicate"}
    every = ("--select", "all", "--except", "duplicate", "--check", "--out", shell.out)
    assert shell.run("export", *every)["rows"] == 0
    ledger = shell.run("batches")
    assert [(b["number"], b["rows"], b["waiting"], b["by"]) for b in ledger["batches"]] == [
        (done["number"], 4, 4, "乙")
    ]
    rows = shell.run("batches", "--batch", done["number"])["rows"]
    assert {row["state"] for row in rows} == {"waiting"}
    file = answer_file(
        tmp_path / "a.csv", [(rows[0]["code"], "通过", "", "C1"), (rows[2]["code"], "退回", "不清楚", "")]
    )
    seen = shell.run("answer", str(file), "--check")
    assert (seen["accepted"], seen["rejected"], seen["taken"]) == (1, 1, 0)
    assert shell.run("answer", str(file), "--by", "乙")["taken"] == 2
    assert shell.run("answer", str(file), "--by", "乙")["taken"] == 0
    ledger = shell.run("batches")
    assert [(r["code"], r["reason"]) for r in ledger["rejected"]] == [(rows[2]["code"], "不清楚")]
    back = shell.run("export", "--select", "rejected", "--check", "--out", shell.out)
    assert back["rows"] == 1
    assert shell.run("check")["faults"] == []


def test_rows_left_out_by_name(shell: Shell) -> None:
    next(shell.file.with_suffix(".photos").iterdir()).unlink()
    assert "照片" in shell.run("export", "--out", shell.out, code=1)["message"]
    done = shell.run("export", "--out", shell.out, "--except", "110105016001LS0001-01-P1")
    assert (done["rows"], [x["code"] for x in done["left_out"]]) == (3, ["110105016001LS0001-01-P1"])


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        (("--community", "富丽"), "没有叫“富丽”的社区", "富力"),
        (("--class", "shop"), "没有叫“shop”的场所类别", "storefront"),
        (("--since", "3月2日"), "看不懂日期“3月2日”", "2027-02-05"),
        (("--except", "BF-9"), "没有“BF-9”", "编号"),
        (("--again", "20990101-01"), "没有编号为“20990101-01”的批次", "batches FILE"),
        (("--profile", "nothing.toml"), "读不了导出方案", "同一个文件夹"),
    ],
)
def test_refused_with_the_cure(shell: Shell, arguments: tuple[str, ...], message: str, advice: str) -> None:
    said = shell.run("export", *arguments, "--out", shell.out, code=1)
    assert message in said["message"]
    assert advice in said["advice"]
    with Store.open(shell.file, read_only=True) as store:
        assert store.batches() == []


def test_a_profile_beside_its_template(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    folder.mkdir()
    (folder / "template.xlsx").write_bytes(template())
    profile = folder / "p.toml"
    profile.write_text(PROFILE.replace("测试市系统", "另一个市系统"), encoding="utf-8")
    assert shell.run("export", "--profile", str(profile), "--check", "--out", shell.out)["profile"] == "另一个市系统"
    profile.write_text(PROFILE.replace('field = "unit"', 'field = "unti"'), encoding="utf-8")
    said = shell.run("export", "--profile", str(profile), "--check", "--out", shell.out, code=1)
    assert "unti" in said["message"]


def test_an_answer_that_cannot_be_read(shell: Shell, tmp_path: Path) -> None:
    shell.run("export", "--out", shell.out)
    wrong = tmp_path / "a.csv"
    wrong.write_text("甲,乙\n1,2\n", encoding="utf-8")
    said = shell.run("answer", str(wrong), code=1)
    assert said["message"]
    assert said["advice"]
    assert shell.run("answer", str(tmp_path / "none.xlsx"), code=1)["message"]
