"""The command line: the whole job, refusals with message and advice, JSON, no Qt where none is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from barrierfree.cli import main
from barrierfree.store import Store

RAMP = {"present": "yes", "slope": "1:14", "rise": 140, "clear_width": 0.95, "landing_length": 1.5}


class Shell:
    """Runs commands in this process and reads what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys = capsys
        self.folder = folder
        self.file = str(folder / "s.gpkg")

    def run(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        self._capsys.readouterr()
        try:
            done = main([*arguments, "--json"])
        except SystemExit as stopped:
            done = int(stopped.code or 0)
        out, err = self._capsys.readouterr()
        assert done == code, (arguments, out, err)
        if code == 2:
            return {}
        return dict(json.loads(out if code == 0 or out.strip() else err or "{}"))

    def answers(self, content: object) -> str:
        path = self.folder / "answers.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    made = Shell(capsys, tmp_path)
    made.run("new", made.file, "--definition", "shuangjing-sample")
    return made


def test_from_the_real_list_to_the_workbook(shell: Shell, shared: Path) -> None:
    folder = shared / "shuangjing"
    photo = str(shared / "photos" / "gps_DSCN0010.jpg")
    said = shell.run(
        "import", shell.file, str(folder / "facilities_gcj02.csv"), "--datum", "gcj02", "--within",
        str(folder / "boundary.geojson"),
    )  # fmt: skip
    assert (said["added"], said["rows"], len(said["outside"])) == (59, 200, 141)
    code = shell.run("list", shell.file, "sites")["sites"][0]["code"]
    record = ("record", shell.file, "--site", code, "--element", "wheelchair_ramp")
    made = shell.run(*record, "--answers", shell.answers(RAMP), "--photo", photo, "--by", "甲")
    assert [v["rule"] for v in made["verdicts"] if v["kind"] == "not_met"] == ["WR-05"]
    assert {"wheelchair"} == {c for v in made["verdicts"] if v["rule"] == "WR-05" for c in v["concerns"]}
    assert "与现行标准不符" in json.dumps(made["verdicts"], ensure_ascii=False)
    (finding,) = made["findings"]
    step = ("step", shell.file, "--finding", finding, "--to")
    assert "审核" in shell.run(*step, "open", "--by", "乙", code=1)["message"]
    assert [p["name"] for p in _people(shell)] == ["甲"], "a refused step registers nobody"
    shell.run("review", shell.file, "--visit", made["visit"], "--accept", "--by", "乙")
    said = shell.run(*step, "in_progress", "--unit", "示例单位", "--deadline", "15wd", "--by", "乙")
    assert said["state"] == "in_progress"
    shell.run(*step, "claimed", "--measure", "加宽", "--quantity", "1", "--photo", photo, "--by", "乙")
    assert "复检" in shell.run(*step, "rectified", "--by", "丙", code=1)["message"]
    better = shell.answers(RAMP | {"clear_width": 1.3})
    again = shell.run(*record, "--answers", better, "--by", "丙")
    shell.run("review", shell.file, "--visit", again["visit"], "--accept", "--by", "乙")
    assert shell.run(*step, "rectified", "--by", "乙")["word"] == "已整改"
    assert shell.run("export", shell.file, "--out", str(shell.folder / "out"), "--check")["faults"] == []
    batch = shell.run("export", shell.file, "--out", str(shell.folder / "out"), "--by", "乙")
    sheet = openpyxl.load_workbook(batch["workbook"])["台账"]
    row = {sheet.cell(2, c).value: sheet.cell(3, c).value for c in range(1, sheet.max_column + 1)}
    assert (row["点位编号"], row["元素编号"]) == (code, f"{code}-02")
    assert (row["整改状态"], row["普查人"], row["验收人"], row["验收结论"]) == ("已整改", "丙", "乙", "复检合格，销号")
    assert "1.3" in str(row["实测值"])
    assert sorted(p.name for p in Path(batch["folder"], "照片").iterdir()) == [
        f"{code}-02_前1.jpg",
        f"{code}-02_后1.jpg",
    ]
    assert "没有可以导出" in shell.run("export", shell.file, "--out", str(shell.folder / "out"), code=1)["message"]
    assert shell.run("check", shell.file)["faults"] == []
    for what in ("checkpoints", "visits", "inspections", "findings", "steps", "photos", "batches"):
        assert shell.run("list", shell.file, what)[what], what


def test_told_reverted_decided_and_built(shell: Shell, shared: Path) -> None:
    folder = shared / "shuangjing"
    shell.run(
        "import", shell.file, str(folder / "facilities_gcj02.csv"), "--datum", "gcj02", "--within",
        str(folder / "boundary.geojson"),
    )  # fmt: skip
    code = shell.run("list", shell.file, "sites")["sites"][0]["code"]
    by = ("--by", "乙")
    told = shell.run("finding", shell.file, "--site", code, "--problem", "occupied", "--source", "call", "--note",
                     "=cmd|' /C calc'!A0 坡道被占 🚲", *by)  # fmt: skip
    assert (told["state"], told["known"]) == ("reported", False)
    step = ("step", shell.file, "--finding", told["finding"])
    assert "怎样核实" in shell.run(*step, "--to", "open", *by, code=1)["message"]
    shell.run(*step, "--to", "open", "--reason", "网格员看过", *by)
    shell.run("day", shell.file, "--date", "2999-01-01", "--holiday", "--note", "示例", *by)
    shell.run(*step, "--to", "in_progress", "--unit", "示例单位", "--deadline", "15wd", "--planned", "2", *by)
    assert shell.run("list", shell.file, "findings")["findings"][0]["planned"] == 2
    assert shell.run(*step, "--revert", *by)["state"] == "open"
    assert "只能撤销自己" in shell.run(*step, "--revert", "--by", "丙", code=1)["message"]
    assert "没有编号" in shell.run(*step, "--adopt", "x", "--reason", "r", *by, code=1)["message"]
    shell.run("step", shell.file, "--finding", told["finding"], "--revert", "--to", "open", *by, code=2)
    unit = shell.run("unit", shell.file, "--name", "示例单位", "--class", "housing", "--contact", "示例甲", *by)
    assert (unit["unit_class"], unit["contact"]) == ("housing", "示例甲")
    unit = shell.run("unit", shell.file, "--name", "示例单位", "--note", "示例", *by)
    assert (unit["contact"], unit["note"]) == ("示例甲", "示例"), "what is not given stays"
    new = ("work", shell.file, "--site", code, "--what", "加装门铃", "--quantity", "2", "--quantity-unit", "个")
    made = shell.run(*new, "--date", "2026-01-05", *by)
    assert "没有编号" in shell.run("work", shell.file, "--withdraw", "x", *by, code=1)["message"]
    assert "需要点位" in shell.run("work", shell.file, "--what", "x", *by, code=1)["message"]
    assert len(shell.run("list", shell.file, "works")["works"]) == 1
    assert shell.run("work", shell.file, "--withdraw", made["work"], *by)["withdrawn"]
    for what, count in (("works", 0), ("units", 1), ("days", 1)):
        assert len(shell.run("list", shell.file, what)[what]) == count
    assert shell.run("day", shell.file, "--date", "2999-01-01", "--drop", *by)["days"] == []
    shell.run(*step, "--to", "in_progress", "--unit", "示例单位", "--deadline", "15wd", *by)
    notice = shell.folder / "notice.xlsx"
    shell.run("report", shell.file, "--kind", "notice", "--format", "xlsx", "--out", str(notice))
    book = openpyxl.load_workbook(notice)
    sheet: Any = book["示例单位"]
    at = {cell.value: cell.column for cell in sheet[4]}
    sheet.cell(5, at["整改措施"]).value = "清走"
    book.save(notice)
    answer = ("answer-notice", shell.file, str(notice))
    assert "不是可以读取" in shell.run("answer-notice", shell.file, shell.file, *by, code=1)["message"]
    said = shell.run(*answer, *by)
    assert (said["applied"], said["proposals"][0]["measure"], said["proposals"][0]["refused"]) == (0, "清走", "")
    assert shell.run("list", shell.file, "findings")["findings"][0]["measure"] == ""
    assert shell.run(*answer, "--apply", *by)["applied"] == 1
    assert shell.run("list", shell.file, "findings")["findings"][0]["measure"] == "清走"
    assert shell.run("check", shell.file)["faults"] == []


def _people(shell: Shell) -> list[dict[str, str]]:
    with Store.open(Path(shell.file), read_only=True) as store:
        return [p.model_dump() for p in store.people()]


@pytest.mark.parametrize(
    ("file", "datum", "rows"),
    [
        ("shuangjing/facilities_gcj02.csv", "gcj02", 200),
        ("workbooks/facilities_chinese_headers.xlsx", "gcj02", 30),
        ("shuangjing/osm_nodes.geojson", "wgs84", 42),
        ("accessibility/tokyo_barrier_free_toilets.csv", "wgs84", 8320),
    ],
)
def test_real_lists_row_by_row(shell: Shell, shared: Path, file: str, datum: str, rows: int) -> None:
    """Every row is one of added, same, changed, possible, outside, rejected; decided once, nothing is asked again."""
    assert "--datum" in shell.run("import", shell.file, str(shared / file), code=1)["advice"]

    def told(*options: str) -> dict[str, int]:
        said = shell.run("import", shell.file, str(shared / file), "--datum", datum, *options)
        kinds = ("added", "same", "changed", "possible", "outside", "rejected")
        counts = {kind: said[kind] if isinstance(said[kind], int) else len(said[kind]) for kind in kinds}
        assert sum(counts.values()) == said["rows"] == rows
        return counts

    first = told("--dry-run")
    assert shell.run("list", shell.file, "sites")["sites"] == []
    assert told() == first
    left = told("--decide", "new")
    assert (left["added"], left["possible"]) == (first["possible"], 0)
    again = told()
    assert (again["same"], again["added"], again["possible"]) == (rows - again["rejected"], 0, 0)


def test_mapping_on_the_command_line(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("旧名,新名\n甲店,乙店\n", encoding="utf-8")
    (tmp_path / "m.json").write_text('{"name": "新名"}', encoding="utf-8")
    mapping = ("--mapping", str(tmp_path / "m.json"))
    shell.run("import", shell.file, str(tmp_path / "l.csv"), "--datum", "wgs84", *mapping)
    assert [s["name"] for s in shell.run("list", shell.file, "sites")["sites"]] == ["乙店"]


def test_next_round(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("名称\n甲店\n", encoding="utf-8")
    shell.run("import", shell.file, str(tmp_path / "l.csv"), "--datum", "wgs84")
    code = shell.run("list", shell.file, "sites")["sites"][0]["code"]
    later = str(tmp_path / "2027.gpkg")
    said = shell.run("new", later, "--from", shell.file, "--title", "2027年普查")
    assert (said["round"], said["sites"], said["definition"]) == (2, 1, "shuangjing-sample")
    assert shell.run("list", later, "sites")["sites"][0]["code"] == code
    assert "已经存在" in shell.run("new", later, "--from", shell.file, code=1)["message"]
    assert "--from" in shell.run("new", str(tmp_path / "x.gpkg"), code=1)["advice"]


def test_returned_visit(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("名称\n甲店\n", encoding="utf-8")
    shell.run("import", shell.file, str(tmp_path / "l.csv"), "--datum", "wgs84")
    code = shell.run("list", shell.file, "sites")["sites"][0]["code"]
    made = shell.run(
        "record", shell.file, "--site", code, "--element", "轮椅坡道", "--answers", shell.answers(RAMP), "--by", "甲"
    )
    said = shell.run("review", shell.file, "--visit", made["visit"], "--return", "请重拍", "--by", "乙")
    assert said["state"] == "returned"
    assert (
        "已经审核"
        in shell.run("review", shell.file, "--visit", made["visit"], "--accept", "--by", "乙", code=1)["message"]
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "{missing}", "sites"),
        ("list", "{text}", "sites"),
        ("import", "{file}", "{missing}", "--datum", "gcj02"),
        ("import", "{file}", "{text}", "--datum", "beijing54"),
        ("import", "{file}", "{text}", "--datum", "EPSG:2436"),
        ("new", "{file}", "--definition", "shuangjing-sample"),
        ("new", "{folder}/x.gpkg", "--definition", "nowhere"),
        ("new", "{text}/x.gpkg", "--definition", "shuangjing-sample"),
        ("record", "{file}", "--site", "0", "--element", "door", "--answers", "{text}", "--by", "x"),
        ("review", "{file}", "--visit", "0", "--accept", "--by", "x"),
        ("step", "{file}", "--finding", "0", "--to", "open", "--by", "x"),
        ("export", "{file}", "--out", "{text}"),
        ("export", "{file}", "--out", "{folder}/o", "--profile", "{text}"),
        ("coordinates", "500", "39", "--from", "wgs84", "--to", "gcj02"),
    ],
)
def test_refusals_say_what_and_what_to_do(shell: Shell, arguments: tuple[str, ...]) -> None:
    text = shell.folder / "text.csv"
    text.write_text("no list at all", encoding="utf-8")
    names = {"missing": shell.folder / "absent.gpkg", "text": text, "file": shell.file, "folder": shell.folder}
    said = shell.run(*(a.format(**names) for a in arguments), code=1)
    assert said["message"]
    assert said["advice"]
    assert [p["name"] for p in _people(shell)] == []


def test_bad_answers_and_photos_store_nothing(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("名称,小分类\n甲店,便利店\n", encoding="utf-8")
    shell.run("import", shell.file, str(tmp_path / "l.csv"), "--datum", "wgs84")
    code = shell.run("list", shell.file, "sites")["sites"][0]["code"]
    (tmp_path / "p.jpg").write_text("no picture")
    record = ("record", shell.file, "--site", code, "--element", "wheelchair_ramp", "--by", "甲", "--answers")
    assert "clear_width" in shell.run(*record, shell.answers({"nothing": 1}), code=1)["advice"]
    assert shell.run(*record, shell.answers(RAMP | {"clear_width": "wide"}), code=1)["message"]
    assert shell.run(*record, shell.answers([1]), code=1)["message"]
    assert "p.jpg" in shell.run(*record, shell.answers(RAMP), "--photo", str(tmp_path / "p.jpg"), code=1)["message"]
    assert shell.run("list", shell.file, "visits")["visits"] == []


def test_wrong_usage_is_2(shell: Shell) -> None:
    shell.run("list", shell.file, "nothing", code=2)
    shell.run("review", shell.file, "--visit", "x", "--by", "x", code=2)


def test_coordinates(shell: Shell) -> None:
    said = shell.run("coordinates", "116.404", "39.915", "--from", "wgs84", "--to", "gcj02")
    assert said["x"] == pytest.approx(116.41024449916938, abs=1e-9)


def test_reports(shell: Shell) -> None:
    made = shell.run("report", shell.file)
    assert made["sections"][0]["rows"][0][1] == 0
    out = shell.folder / "r.xlsx"
    shell.run("report", shell.file, "--format", "xlsx", "--out", str(out))
    assert openpyxl.load_workbook(out).sheetnames[0] == "总体"


def test_reports_of_every_kind(shell: Shell) -> None:
    made = shell.run("report", shell.file, "--kind", "results", "--period", "year")
    assert made["since"].endswith("-01-01")
    for kind in ("progress", "results", "ledger", "site", "proposals", "contributions"):
        out = shell.folder / f"{kind}.xlsx"
        said = shell.run("report", shell.file, "--kind", kind, "--format", "xlsx", "--out", str(out))
        assert said == {"kind": kind, "file": str(out)}
        assert openpyxl.load_workbook(out).sheetnames
    shell.run("report", shell.file, "--as-of", "2019-01-01", code=1)
    shell.run("report", shell.file, "--kind", "notice", code=1)
    shell.run("report", shell.file, "--kind", "nothing", code=2)


def test_results_by_hand(shell: Shell) -> None:
    said = ("--label", "手册", "--quantity-unit", "册", "--by", "戊", "--quantity")
    made = shell.run("result", shell.file, *said, "180")
    assert [r["quantity"] for r in shell.run("list", shell.file, "results")["results"]] == [180]
    shell.run("result", shell.file, *said, "x", code=1)
    assert shell.run("result", shell.file, "--withdraw", made["result"], "--by", "戊")["results"] == []


@pytest.mark.slow
def test_pdf_report_in_a_process_of_its_own(shell: Shell) -> None:
    out = shell.folder / "r.pdf"
    command = [sys.executable, "-m", "barrierfree", "report", shell.file, "--format", "pdf", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"%PDF")
    assert len(out.read_bytes()) > 10_000


def test_no_qt_without_a_window(shell: Shell) -> None:
    code = (
        "import sys; from barrierfree.cli import main; "
        f"main(['list', {shell.file!r}, 'sites']); main(['report', {shell.file!r}]); "
        "sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_check_finds_a_flipped_fact(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(shell.file)
    raw = bytearray(path.read_bytes())
    at = raw.rfind("双井街道无障碍普查".encode())
    raw[at + 2] ^= 1
    path.write_bytes(bytes(raw))
    assert main(["check", shell.file]) == 1
    out, err = capsys.readouterr()
    assert "被改动过" in out
    assert "备份" in err


def test_no_display_is_said(shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([shell.file]) == 1
    assert "没有显示器" in capsys.readouterr().err


def test_every_command_is_known_to_the_entry() -> None:
    from barrierfree.cli import NAMES
    from barrierfree.cli.commands import COMMANDS

    assert set(NAMES) == set(COMMANDS)


def test_pipe_closed_early(shell: Shell) -> None:
    command = f"{sys.executable} -m barrierfree list {shell.file} sites | head -0"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_paper_sheets(shell: Shell, shared: Path) -> None:
    folder = shared / "shuangjing"
    shell.run(
        "import", shell.file, str(folder / "facilities_gcj02.csv"), "--datum", "gcj02", "--within",
        str(folder / "boundary.geojson"),
    )  # fmt: skip
    sites = shell.run("list", shell.file, "sites")["sites"]
    out = shell.folder / "sheets" / "p.html"
    made = shell.run("paper", shell.file, "--site", sites[0]["code"], "--site", sites[3]["code"], "--out", str(out))
    assert (made["sites"], made["file"]) == (2, str(out))
    page = out.read_text(encoding="utf-8")
    assert sites[0]["code"] in page
    assert sites[3]["name"] in page
    assert "编码" in shell.run("paper", shell.file, "--site", "nobody", "--out", str(out), code=1)["message"]
    assert "没有可以打印" in shell.run("paper", shell.file, "--out", str(out), code=1)["message"]
    assert ".pdf" in shell.run("paper", shell.file, "--site", sites[0]["code"], "--out", "x.doc", code=1)["advice"]


def test_history_and_log(shell: Shell, shared: Path) -> None:
    shell.run("import", shell.file, str(shared / "shuangjing" / "facilities_gcj02.csv"), "--datum", "gcj02")
    site = shell.run("list", shell.file, "sites")["sites"][0]
    told = shell.run("list", shell.file, "history", "--of", site["code"])["history"]
    assert {"what": "点位", "field": "名称", "old": "", "new": site["name"]}.items() <= told[0].items()
    assert "没有编号为" in shell.run("list", shell.file, "history", "--of", "nothing", code=1)["message"]
    out = shell.folder / "log.csv"
    assert shell.run("log", shell.file, "--out", str(out))["facts"] > 200
    assert site["name"] in out.read_text(encoding="utf-8-sig")
