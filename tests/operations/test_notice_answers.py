"""A filled notice comes back: real workbooks written by the report, changed as units change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from barrierfree.errors import BatchError
from barrierfree.model.records import StepRequest
from barrierfree.model.words import FindingState as S
from barrierfree.operations import report_files
from barrierfree.operations.notice_answers import Answers, read_answers
from barrierfree.operations.reports import ReportRequest
from barrierfree.store import Store, WantedStep
from barrierfree.workbook import MARKER
from tests.builders import Clock, inspection, new_site, survey, visit


class Office:
    """A survey with three findings given out to one unit, and its notice as written."""

    def __init__(self, store: Store, clock: Clock, folder: Path) -> None:
        self.store, self.folder = store, folder
        keys = ("一号店（示例）", "二号店（示例）", "三号店（示例）")
        store.add_sites([new_site(name, name) for name in keys], person="p")
        self.findings: list[str] = []
        for site in store.sites():
            made = store.submit_visit(visit(site.id, inspection(0.95)), person="anna")
            store.review_visit(made.visit, accept=True, person="staff")
            clock.move(hours=1)
            given = StepRequest(to=S.IN_PROGRESS, unit="示例单位", deadline="2026-04-01")
            store.record_step(made.findings[0], given, person="staff")
            self.findings.append(made.findings[0])
        clock.move(days=5)
        self.path = report_files.write_workbook(store, ReportRequest(kind="notice"), folder / "n.xlsx")

    def fill(self, change: Callable[[Any, dict[str, int]], None]) -> Path:
        """Let somebody change the sheet; ``change`` gets it and the column of each header."""
        book = openpyxl.load_workbook(self.path)
        sheet: Any = book["示例单位"]
        change(sheet, {cell.value: cell.column for cell in sheet[4]})
        book.save(self.folder / "filled.xlsx")
        return self.folder / "filled.xlsx"

    def read(self, path: Path, photos: Path | None = None) -> Answers:
        return read_answers(self.store, path, person="staff", photos=photos)

    def pictures(self, *names: str) -> Path:
        folder = self.folder / "photos"
        folder.mkdir(exist_ok=True)
        for number, name in enumerate(names):
            Image.new("RGB", (64, 48), (number * 20, 90, 90)).save(folder / name)
        return folder


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Office:
    return Office(survey(tmp_path / "s.gpkg", clock), clock, tmp_path)


def test_an_untouched_notice_proposes_nothing(office: Office) -> None:
    found = office.read(office.path)
    assert (found.judged, found.untouched, found.remarks, found.units) == ([], 3, [], ("示例单位",))


def test_what_was_filled_in_becomes_steps_after_they_were_seen(office: Office) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(5, at["整改措施"]).value = "=cmd|' /C calc'!A0"
        sheet.cell(5, at["整改措施"]).data_type = "s"
        sheet.cell(5, at["数量"]).value = 2
        sheet.cell(5, at["数量单位"]).value = "处"
        sheet.cell(5, at["完成日期"]).value = date(2026, 3, 6)
        sheet.cell(5, at["说明"]).value = "已完工 🚧"
        sheet.cell(6, at["整改期限"]).value = "2026年5月1日"
        sheet.cell(6, at["说明"]).value = "等材料"
        sheet.cell(7, at["说明"]).value = "请来电"

    path = office.fill(change)
    before = len(office.store.facts())
    without = office.read(path)
    assert "至少一张整改后的照片" in without.judged[0].refused, "a claim needs its photo"
    found = office.read(path, office.pictures("1-1.jpg", "1-2.jpg", "99.jpg", "x.txt.png"))
    assert len(office.store.facts()) == before, "nothing is stored by reading"
    claim, later = found.judged
    assert (claim.refused, later.refused) == ("", "")
    assert (claim.request.to, claim.request.quantity, len(claim.request.photos)) == (S.CLAIMED, 2, 2)
    assert claim.request.measure == "=cmd|' /C calc'!A0", "text stays text"
    assert claim.request.reason == "单位填写的完成日期 2026-03-06；已完工 🚧"
    assert (later.request.to, later.request.deadline, later.request.reason) == (S.IN_PROGRESS, "2026-05-01", "等材料")
    assert found.remarks == ["示例单位 第 7 行：只写了说明“请来电”，没有可做的步骤。"]
    wanted = [WantedStep(finding=j.finding.id, request=j.request) for j in found.judged]
    office.store.record_steps(wanted, person="staff", photos=found.photos)
    assert [office.store.finding(f).state for f in office.findings] == [S.CLAIMED, S.IN_PROGRESS, S.IN_PROGRESS]
    again = office.read(path, office.folder / "photos")
    assert "待验收" in again.judged[0].refused, "once more changes nothing"
    assert office.store.check() == []
    office.store.revert_step(office.findings[0], person="staff")
    assert [office.store.finding(f).deadline for f in office.findings] == ["2026-04-01"] * 3


def test_columns_may_move_and_rows_be_sorted(office: Office) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=7)]
        rows[1][at["整改措施"] - 1] = "拓宽"
        order = [at["问题编号"] - 1, at["整改措施"] - 1, *(
            i for i in range(len(rows[0])) if i not in (at["问题编号"] - 1, at["整改措施"] - 1)
        )]  # fmt: skip
        sheet.insert_rows(2, 3)  # a letterhead above
        for at_row, row in zip((7, 10, 9, 8), rows, strict=True):
            for at_column, index in enumerate(order, start=1):
                sheet.cell(at_row, at_column).value = row[index]

    found = office.read(office.fill(change))
    assert [(j.finding.id, j.request.measure) for j in found.judged] == [(office.findings[0], "拓宽")]
    assert (found.untouched, found.remarks) == (2, [])


def _other_id(sheet: Any, at: dict[str, int]) -> None:
    sheet.cell(5, at["问题编号"]).value = "01ZZZZZZZZZZZZZZZZZZZZZZZZ"


def _swapped_ids(sheet: Any, at: dict[str, int]) -> None:
    one, two = sheet.cell(5, at["问题编号"]), sheet.cell(6, at["问题编号"])
    one.value, two.value = two.value, one.value


def _copied_row(sheet: Any, at: dict[str, int]) -> None:
    for column in range(1, sheet.max_column + 1):
        sheet.cell(6, column).value = sheet.cell(5, column).value


def _no_id(sheet: Any, at: dict[str, int]) -> None:
    sheet.cell(6, at["问题编号"]).value = None


def _merged(sheet: Any, at: dict[str, int]) -> None:
    sheet.merge_cells(start_row=5, end_row=6, start_column=at["整改措施"], end_column=at["整改措施"])


def _renamed(sheet: Any, at: dict[str, int]) -> None:
    sheet.cell(4, at["整改措施"]).value = "措施"


def _twice(sheet: Any, at: dict[str, int]) -> None:
    sheet.cell(4, at["说明"]).value = "整改措施"


def _no_date(sheet: Any, at: dict[str, int]) -> None:
    sheet.cell(5, at["完成日期"]).value = "上周五"


def _tomorrow(sheet: Any, at: dict[str, int]) -> None:
    sheet.cell(5, at["完成日期"]).value = "2026-12-31"


def _no_number(sheet: Any, at: dict[str, int]) -> None:
    sheet.cell(5, at["数量"]).value = "两块"


@pytest.mark.parametrize(
    ("change", "words", "left"),
    [
        (_other_id, ["示例单位 第 5 行：问题编号", "被改动过", "重新填写"], 2),
        (_swapped_ids, ["第 5 行", "第 6 行", "却写着点位"], 1),
        (_copied_row, ["第 6 行：问题编号与第 5 行相同", "重新填写"], 2),
        (_no_id, ["第 6 行：没有问题编号", "重新填写"], 2),
        (_merged, ["第 5 行：有合并的单元格 M5:M6", "第 6 行：有合并", "取消合并"], 1),
        (_renamed, ["找不到栏目“整改措施”", "表头改回原样"], 0),
        (_twice, ["栏目“整改措施”出现了两次", "找不到栏目“说明”"], 0),
        (_no_date, ["第 5 行：看不懂完成日期“上周五”", "2026-12-04"], 2),
        (_tomorrow, ["第 5 行：完成日期 2026-12-31 还没有到"], 2),
        (_no_number, ["第 5 行", "不是数字"], 2),
    ],
)
def test_what_cannot_be_trusted_is_told_by_row(
    office: Office, change: Callable[[Any, dict[str, int]], None], words: list[str], left: int
) -> None:
    found = office.read(office.fill(change))
    told = "\n".join(found.remarks)
    for word in words:
        assert word in told
    assert (found.judged, found.untouched) == ([], left), "the other rows are read"


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2026-3-6", True), ("2026/03/06", True), ("2026.3.6", True), ("2026年3月6日", True), (46087, True),
     ("3月6日", False), (12, False)],
)  # fmt: skip
def test_dates_as_people_write_them(office: Office, typed: object, day: bool) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(5, at["完成日期"]).value = typed
        sheet.cell(5, at["完成日期"]).number_format = "General"

    found = office.read(office.fill(change))
    assert bool(found.judged) == day
    assert not day or "2026-03-06" in found.judged[0].request.reason


def test_to_adjust_what_is_claimed_is_refused_not_sent_back(office: Office) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(5, at["整改措施"]).value = "还会改"

    path = office.fill(change)
    found = office.read(office.fill(lambda s, at: None), office.pictures("1.jpg"))
    photo = found.photos[0]
    claim = StepRequest(to=S.CLAIMED, measure="m", photos=(photo.sha256,))
    office.store.record_step(office.findings[0], claim, person="staff", photos=[photo])
    path = office.fill(change)
    assert "只能用于“未整改”、“整改中”" in office.read(path).judged[0].refused


def test_other_files_are_refused_in_words(office: Office, tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    other.save(tmp_path / "other.xlsx")
    (tmp_path / "text.xlsx").write_bytes(b"no workbook")
    newer = openpyxl.load_workbook(office.path)
    newer[MARKER]["B1"] = 2
    newer.save(tmp_path / "newer.xlsx")
    gone = openpyxl.load_workbook(office.path)
    gone["示例单位"].title = "单位"
    gone.save(tmp_path / "gone.xlsx")
    for name, words in (("other", "不是本软件"), ("text", "不是可以读取"), ("newer", "较新"), ("missing", "没有文件")):
        with pytest.raises(BatchError, match=words):
            office.read(tmp_path / f"{name}.xlsx")
    assert "找不到工作表“示例单位”" in office.read(tmp_path / "gone.xlsx").remarks[0]
