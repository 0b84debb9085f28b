"""Reports: the case's figures out of single records, the state of another day, every kind in every format."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from barrierfree.errors import BarrierFreeError, Cancelled, NotFoundError, ReportError, StorageError
from barrierfree.model.definition import Definition, SiteClass, Text
from barrierfree.model.records import NewWork, Photo, StepRequest
from barrierfree.model.words import FindingState as S
from barrierfree.operations import report_files, reports
from barrierfree.operations.progress import Progress
from barrierfree.operations.reports import ReportRequest
from barrierfree.report import Report, Section, write_pages
from barrierfree.store import Store
from barrierfree.workbook import MARKER, NOTICE_COLUMNS
from tests.builders import Clock, definition, inspection, new_site, survey, visit

CLASSES = {
    "storefront": ("临街门店", 106), "residents_committee": ("社区居委会", 5), "warm_home": ("温馨家园", 2),
    "rehabilitation_station": ("康复站", 1), "office_building": ("办公楼", 1), "service_centre": ("便民服务中心", 1),
}  # fmt: skip
NASTY = ["=cmd|' /C calc'!A0", "\x07bell", "😀👩‍🦽", "+1", "@x", "甲" * 5000, "</td><script>", "a\nb"]


def _case_definition() -> Definition:
    known = definition()
    classes = tuple(
        SiteClass(code=code, letters="LS", label=Text(zh=name), elements=("wheelchair_ramp", "door"))
        for code, (name, _) in CLASSES.items()
    )
    return known.model_copy(update={"classes": classes})


class Life:
    """Takes findings of a survey through their lives, by the store's own verbs."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.anna = store.name_person("安娜（示例）")[0]
        self.bert = store.name_person("贝特（示例）")[0]
        self.staff = store.name_person("工作人员（示例）")[0]
        self.photo = keep_photo(store, self.anna)

    def see(self, site: str, width: float, *, by: str = "", accept: bool = True, note: str = "") -> list[str]:
        """A visit with one inspection, accepted; the findings it reports."""
        self.clock.move(minutes=1)
        seen = inspection(width, (self.photo,))
        if note and seen.problems:
            seen = seen.model_copy(update={"problems": (seen.problems[0].model_copy(update={"note": note}),)})
        done = self.store.submit_visit(visit(site, seen), person=by or self.anna)
        if accept:
            self.store.review_visit(done.visit, accept=True, person=self.staff)
        return list(done.findings)

    def step(self, finding: str, to: S, **values: Any) -> None:
        self.clock.move(minutes=1)
        self.store.record_step(finding, StepRequest(to=to, **values), person=self.staff)

    def assign(self, finding: str, unit: str = "甲单位", **values: Any) -> None:
        self.step(finding, S.IN_PROGRESS, unit=unit, deadline="2026-12-01", **values)

    def claim(self, finding: str, quantity: float, unit: str = "块", measure: str = "安装无障碍标识") -> None:
        self.step(finding, S.CLAIMED, measure=measure, photos=(self.photo,), quantity=quantity, quantity_unit=unit)

    def repair(
        self, site: str, finding: str, quantity: float, unit: str = "块", measure: str = "安装无障碍标识"
    ) -> None:
        self.assign(finding)
        self.claim(finding, quantity, unit, measure)
        self.see(site, 1.3, by=self.bert)
        self.step(finding, S.RECTIFIED)


def keep_photo(store: Store, person: str, colour: tuple[int, int, int] = (10, 120, 200)) -> str:
    import hashlib

    out = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(out, "JPEG")
    sha256 = hashlib.sha256(out.getvalue()).hexdigest()
    store.keep_photo_file(sha256, ".jpg", out.getvalue())
    store.add_photos([Photo(sha256=sha256, suffix=".jpg", width=800, height=600)], person=person)
    return sha256


@pytest.fixture
def life(tmp_path: Path, clock: Clock) -> Life:
    return Life(survey(tmp_path / "s.gpkg", clock), clock)


def section(values: dict[str, Any], title: str) -> dict[str, Any]:
    return next(s for s in values["sections"] if s["title"] == title)


def column(part: dict[str, Any], header: str) -> dict[str, Any]:
    at = part["headers"].index(header)
    return {row[0]: row[at] for row in part["rows"]}


# -- the case -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_case_comes_out_of_single_records(tmp_path: Path, clock: Clock) -> None:
    """1,403 points visited, 106 + 5 + 2 + 1 + 1 + 1 renovated, 1,214 signs; the traps beside them do not count."""
    store = Store.new(tmp_path / "case.gpkg", _case_definition(), device="a", clock=clock)
    life = Life(store, clock)
    new = [replace(new_site(f"{code}{n}", f"{name}{n}（示例）"), site_class=code)
           for code, (name, count) in CLASSES.items() for n in range(count)]  # fmt: skip
    traps = [new_site(f"trap{n}", f"陷阱{n}（示例）") for n in range(4)]
    others = [new_site(f"other{n}", f"达标{n}（示例）") for n in range(1403 - len(new) - len(traps))]
    with store.in_a_hurry():
        ids = store.add_sites([*new, *traps, *others, new_site("unvisited")], person=life.staff).ids
        signs = [10] * (len(new) - 1)
        signs.append(1214 - sum(signs))
        for site, count in zip(ids, signs, strict=False):
            life.repair(site, life.see(site, 0.9)[0], count)
        half, soft, planned, again = ids[len(new) : len(new) + 4]
        _half_finished(life, half)
        life.step(life.see(soft, 0.9)[0], S.SOFT_SERVICE, reason="按铃协助（示例）")
        _claimed_only(life, planned)
        _broken_again(life, again)
        for site in ids[len(new) + 4 : -1]:
            life.see(site, 1.3)

    made = reports.values(store, ReportRequest(kind="results"))
    summary = section(made, "成果摘要")
    assert column(summary, "数量") == {
        "走访点位": 1403, "改造完成的点位": 116, "部分改造的点位": 1, "软服务的点位": 1,
    }  # fmt: skip
    assert summary["intro"] == (
        "走访点位 1,403 个；完成改造：临街门店 106 个、社区居委会 5 个、温馨家园 2 个、康复站 1 个、"
        "办公楼 1 个、便民服务中心 1 个；"
        "安装：安装无障碍标识 1,214 块、加宽坡道 3 处。"
    )
    assert all(row[2] for row in summary["rows"]), "every figure says how it was counted"
    classes = section(made, "各类场所的改造")
    assert column(classes, "改造完成") == dict(CLASSES.values()) | {"合计": 116}
    assert column(classes, "部分改造")["临街门店"] == 1
    assert column(classes, "仅软服务")["临街门店"] == 1
    assert column(classes, "未改造")["临街门店"] == 2
    put_up = section(made, "安装数量")
    assert column(put_up, "已安装") == {"安装无障碍标识": 1214, "加宽坡道": 3}
    assert column(put_up, "待验收（不计）")["安装无障碍标识"] == 500
    assert column(put_up, "计划（不计）")["安装无障碍标识"] == 77
    store.close()


def _half_finished(life: Life, site: str) -> None:
    """One finding repaired, another one still open."""
    life.repair(site, life.see(site, 0.9)[0], 3, "处", "加宽坡道")
    door = inspection(0.9).model_copy(update={"element": "door"})
    done = life.store.submit_visit(visit(site, door), person=life.anna)
    life.store.review_visit(done.visit, accept=True, person=life.staff)


def _claimed_only(life: Life, site: str) -> None:
    finding = life.see(site, 0.9)[0]
    life.assign(finding)
    life.claim(finding, 500)


def _broken_again(life: Life, site: str) -> None:
    """Installed, closed, and found broken at a later look: it counts as planned again."""
    life.repair(site, life.see(site, 0.9)[0], 77)
    life.see(site, 0.8)


# -- periods and other days -----------------------------------------------------------------------------------------


def test_as_of_shows_the_state_before_the_last_step(life: Life, clock: Clock) -> None:
    site = life.store.add_sites([new_site("a")], person=life.staff).ids[0]
    finding = life.see(site, 0.9)[0]
    life.assign(finding)
    clock.move(days=2)  # 2026-03-04
    life.claim(finding, 5)
    clock.move(days=2)
    life.see(site, 1.3, by=life.bert)
    life.step(finding, S.RECTIFIED)

    def told(day: str) -> tuple[Any, ...]:
        made = reports.values(life.store, ReportRequest(kind="ledger", as_of=day))
        row = dict(zip(made["sections"][0]["headers"], made["sections"][0]["rows"][0], strict=True))
        results = reports.values(life.store, ReportRequest(kind="results", as_of=day))
        done = column(section(results, "成果摘要"), "数量")["改造完成的点位"]
        put_up = column(section(results, "安装数量"), "已安装")
        return row["整改状态"], row["实际完成时间"], row["普查人"], done, put_up

    assert told("2026-03-02") == ("整改中", "", "安娜（示例）", 0, {})
    assert told("2026-03-05") == ("待验收", "", "安娜（示例）", 0, {"安装无障碍标识": 0})
    assert told("2026-03-06") == told("") == ("已整改", "2026-03-06", "安娜（示例）", 1, {"安装无障碍标识": 5})
    assert life.store.check(photos=False) == []


def test_a_day_before_the_file_was_made(tmp_path: Path, clock: Clock) -> None:
    """What phones recorded may be older than the survey it was taken into."""
    clock.move(days=10)
    store = survey(tmp_path / "s.gpkg", clock)
    clock.move(days=-10)
    store.add_sites([new_site("a")], person="p")
    clock.move(days=10)
    made = reports.values(store, ReportRequest(as_of="2026-03-05"))
    assert column(section(made, "总体"), "数量")["点位"] == 1
    assert made["survey"] == "测试普查（示例）"


def test_a_period_counts_acts_by_their_day_and_place(life: Life, clock: Clock) -> None:
    first, second = life.store.add_sites(
        [new_site("a"), new_site("b", community="富力")], person=life.staff
    ).ids  # 2026-03-02, a Monday
    one = life.see(first, 0.9)[0]
    life.repair(first, one, 1)
    clock.move(days=10)
    life.see(second, 0.9)
    life.see(first, 0.8)  # broken again
    life.see(second, 0.9, accept=False)
    made = reports.values(life.store, ReportRequest(kind="progress", since="2026-03-09"))
    assert column(section(made, "2026-03-09 至 2026-03-12 的工作"), "数量") == {
        "提交的走访": 3, "通过审核的走访": 2, "退回的走访": 0, "新走访的点位": 1, "发现问题": 1, "申请验收次数": 0,
        "修复关闭": 0, "其他方式关闭": 0, "复发": 1,
    }  # fmt: skip
    places = section(made, "期内各社区的发现与处理")
    assert column(places, "发现问题") == {"垂杨柳东里": 0, "富力": 1}
    assert column(places, "复发") == {"垂杨柳东里": 1, "富力": 0}
    whole = reports.values(life.store, ReportRequest(kind="progress", since="2026-03-02"))
    weeks = section(whole, "每周走势")
    assert column(weeks, "提交的走访") == {"2026-03-02": 2, "2026-03-09": 3}
    assert column(weeks, "修复关闭") == {"2026-03-02": 1, "2026-03-09": 0}
    part = reports.values(life.store, ReportRequest(kind="progress", since="2026-03-02", community="富力"))
    assert column(section(part, "总体"), "数量")["点位"] == 1
    assert column(section(part, "每周走势"), "提交的走访") == {"2026-03-02": 0, "2026-03-09": 2}


@pytest.mark.parametrize(
    ("period", "begin"),
    [("week", "2026-11-09"), ("month", "2026-11-01"), ("quarter", "2026-10-01"), ("year", "2026-01-01")],
)
def test_calendar_periods(period: reports.Period, begin: str) -> None:
    assert reports.period_begin(period, date(2026, 11, 10)).isoformat() == begin


def test_results_of_a_period_count_what_was_closed_in_it(life: Life, clock: Clock) -> None:
    first, second = life.store.add_sites([new_site("a"), new_site("b")], person=life.staff).ids
    life.repair(first, life.see(first, 0.9)[0], 4)
    clock.move(days=40)
    life.repair(second, life.see(second, 0.9)[0], 6)
    made = reports.values(life.store, ReportRequest(kind="results", period="month"))
    assert made["since"] == "2026-04-01"
    assert column(section(made, "成果摘要"), "数量")["改造完成的点位"] == 1
    assert column(section(made, "成果摘要"), "数量")["走访点位"] == 1
    assert column(section(made, "安装数量"), "已安装") == {"安装无障碍标识": 6}


# -- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        ({"kind": "nothing"}, "没有“nothing”这种报告"),
        ({"as_of": "2026-13-01"}, "看不懂日期“2026-13-01”"),
        ({"as_of": "2026-03-03"}, "还没有到"),
        ({"as_of": "2026-02-27"}, "时还没有这份普查"),
        ({"since": "2026-03-05"}, "晚于截至日期"),
        ({"unit": "甲单位"}, "不能按责任单位缩小范围"),
        ({"kind": "site", "period": "week"}, "不能按时段缩小范围"),
        ({"community": "没有这里"}, "没有点位在社区"),
        ({"kind": "ledger", "unit": "没有"}, "没有问题交给“没有”"),
        ({"kind": "site", "site": "没有"}, "没有"),
        ({"kind": "notice"}, "没有需要通知的问题"),
    ],
)
def test_what_cannot_be_reported_is_said(life: Life, wanted: dict[str, str], word: str) -> None:
    life.store.add_sites([new_site("a")], person=life.staff)
    with pytest.raises((ReportError, NotFoundError), match=word) as caught:
        reports.values(life.store, ReportRequest.model_validate(wanted))
    assert isinstance(caught.value, BarrierFreeError)
    assert caught.value.advice


def test_a_folder_that_is_a_file(life: Life, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="报告没有写成"):
        report_files.write_workbook(life.store, ReportRequest(), tmp_path / "file" / "r.xlsx")


@pytest.mark.parametrize("kind", ["ledger", "site", "notice"])
def test_a_cancelled_workbook_leaves_nothing(life: Life, tmp_path: Path, kind: str) -> None:
    for site in life.store.add_sites([new_site("a"), new_site("b")], person=life.staff).ids:
        life.assign(life.see(site, 0.9)[0])
    progress = Progress()
    progress.cancel()
    target = tmp_path / "out" / "r.xlsx"
    target.parent.mkdir()
    target.write_bytes(b"the one before")
    with pytest.raises(Cancelled):
        report_files.write_workbook(life.store, ReportRequest(kind=kind), target, progress)
    assert [p.name for p in target.parent.iterdir()] == ["r.xlsx"]
    assert target.read_bytes() == b"the one before"


# -- what a report holds --------------------------------------------------------------------------------------------


def _rich(life: Life) -> tuple[str, str]:
    """Two sites, one with a finding in progress, one repaired; hostile texts in both."""
    first, second = life.store.add_sites(
        [new_site("a", NASTY[0]), new_site("b", NASTY[2], community="富力")], person=life.staff
    ).ids
    life.assign(life.see(first, 0.9, note=NASTY[5])[0], unit=NASTY[0], responsible=NASTY[1])
    life.repair(second, life.see(second, 0.9)[0], 2, measure=NASTY[6])
    return first, second


def test_every_kind_opens_again_as_a_workbook(life: Life, tmp_path: Path) -> None:
    _rich(life)
    for kind in reports.KINDS:
        path = report_files.write_workbook(life.store, ReportRequest(kind=kind, photos=True), tmp_path / f"{kind}.xlsx")
        book = openpyxl.load_workbook(path)
        for sheet in book:
            for row in sheet.iter_rows():
                assert all(cell.data_type != "f" for cell in row), (kind, sheet.title)
        json.dumps(reports.values(life.store, ReportRequest(kind=kind)), ensure_ascii=False)
    ledger: Any = openpyxl.load_workbook(tmp_path / "ledger.xlsx")["台账"]
    rows = _by_header(ledger, 1)
    assert [r["点位名称"] for r in rows] == [NASTY[0], NASTY[2]]
    assert rows[0]["责任单位"] == NASTY[0]
    assert rows[0]["责任人"] == "bell"
    assert rows[0]["问题描述"].endswith(f"与现行标准不符；{NASTY[5]}")
    assert rows[0]["实测值"] == "净宽 0.9 m"
    assert rows[1]["实测值"] == "净宽 0.9 m", "the ledger tells what was found, not the re-inspection"
    assert rows[1]["整改措施"] == NASTY[6]
    assert (rows[1]["整改状态"], rows[1]["验收结论"], rows[1]["数量"]) == ("已整改", "复检合格，销号", 2)
    assert len(ledger._images) == 3, "before twice, after once"
    results = openpyxl.load_workbook(tmp_path / "results.xlsx")
    told = {row[0].value: row[1].value for row in results["说明"].iter_rows(min_row=2)}
    assert "只计已销号问题的数量" in str(told["安装数量"]), "the counting rules go along"
    assert (told["数据"], told["截至"]) == ("示例数据", "2026-03-02")
    sites = openpyxl.load_workbook(tmp_path / "site.xlsx")
    assert sites.sheetnames[:3] == ["点位", "走访", "检查记录"]
    assert {row[0].value for row in sites["走访"].iter_rows(min_row=2)} == {
        f"{s.code} {s.name}" for s in life.store.sites()
    }


def _by_header(sheet: Any, header_row: int) -> list[dict[str, Any]]:
    headers = [c.value for c in sheet[header_row]]
    return [dict(zip(headers, row, strict=True)) for row in sheet.iter_rows(min_row=header_row + 1, values_only=True)]


def test_a_notice_can_be_read_back(life: Life, tmp_path: Path) -> None:
    """A hidden sheet names every sheet's unit and header row, a hidden column the findings; the rest is to fill in."""
    first, _ = _rich(life)
    path = report_files.write_workbook(life.store, ReportRequest(kind="notice"), tmp_path / "n.xlsx")
    book = openpyxl.load_workbook(path)
    marks: list[Sequence[Any]] = list(book[MARKER].iter_rows(values_only=True))
    assert book[MARKER].sheet_state == "hidden"
    assert marks[0][:2] == ("barrierfree-notice", 1)
    (mark,) = [dict(zip(marks[1], row, strict=True)) for row in marks[2:]]
    assert (mark["unit"], mark["rows"]) == (NASTY[0], 1)
    sheet: Any = book[mark["sheet"]]
    (row,) = _by_header(sheet, mark["header_row"])
    (finding,) = [f for f in life.store.findings() if f.site == first]
    assert row["问题编号"] == finding.id
    assert sheet.column_dimensions["R"].hidden
    assert row["标准限值"].startswith("≥ 1.20 m")
    assert row["整改期限"] == "2026-12-01"
    assert [row[c.header] for c in NOTICE_COLUMNS if c.filled_in] == [None] * 5
    assert len(sheet._images) == 1
    assert sheet.print_title_rows == "$4:$4"


def test_thanks_can_leave_names_out(life: Life) -> None:
    _rich(life)
    life.store.submit_visit(visit(life.store.sites()[0].id, inspection(1.3)), person="nobody known")
    named = reports.values(life.store, ReportRequest(kind="contributions"))
    people = column(section(named, "志愿者的贡献"), "走访")
    assert people == {"安娜（示例）": 2, "贝特（示例）": 1, "普查人 1": 1, "合计": 4}
    without = reports.values(life.store, ReportRequest(kind="contributions", names=False))
    assert "安娜" not in json.dumps(without, ensure_ascii=False)
    assert "不是质量的排名" in named["note"]


def test_proposals_explain_every_point(life: Life) -> None:
    _rich(life)
    made = reports.values(life.store, ReportRequest(kind="proposals"))
    (row,) = section(made, "问题的先后")["rows"]
    said = dict(zip(section(made, "问题的先后")["headers"], row, strict=True))
    assert (said["得分"], said["得分的来由"]) == (2, "不满足强制性条文 +2")
    assert said["状态"] == "整改中"
    assert section(made, "点位的先后")["rows"][0][-1] == 2


# -- results entered by hand ----------------------------------------------------------------------------------------


def test_results_entered_by_hand_stand_apart(life: Life, clock: Clock) -> None:
    life.store.add_sites([new_site("a")], person=life.staff)
    clock.move(days=3)
    handbooks, _ = life.store.enter_result("无障碍手册", 180, "册", "2026-03-04", person=life.staff, note="发给社区")
    wrong, _ = life.store.enter_result("=手册", 1800, "册", "2026-03-05", person=life.anna)
    clock.move(days=1)
    life.store.withdraw_result(wrong, person=life.anna)
    made = reports.values(life.store, ReportRequest(kind="results"))
    part = section(made, "其他成果（人工填报）")
    assert part["rows"] == [["无障碍手册", 180, "册", "2026-03-04", "工作人员（示例）", "发给社区"]]
    assert "不计入上面的任何数字" in part["rule"]
    assert section(made, "成果摘要")["intro"].endswith("人工填报：无障碍手册 180 册。")
    assert column(section(made, "成果摘要"), "数量")["改造完成的点位"] == 0
    earlier = reports.values(life.store, ReportRequest(kind="results", as_of="2026-03-05"))
    assert len(section(earlier, "其他成果（人工填报）")["rows"]) == 2, "as it stood before it was taken back"
    assert [r.id for r in life.store.entered_results()] == [handbooks]
    assert life.store.check(photos=False) == []


def test_works_without_a_finding_stand_in_a_column_of_their_own(life: Life, clock: Clock) -> None:
    one, other = life.store.add_sites([new_site("a"), new_site("b", community="富力")], person=life.staff).ids
    clock.move(days=3)
    for site, quantity in ((one, 2), (other, 3), (one, 100)):
        work = NewWork(site=site, element="door", what="加装门铃", quantity=quantity, quantity_unit="个",
                       done_on="2026-03-04")  # fmt: skip
        last, _ = life.store.record_work(work, person=life.staff)
    life.store.withdraw_work(last, person=life.staff)
    made = reports.values(life.store, ReportRequest(kind="results"))
    assert section(made, "没有登记问题的改造")["rows"] == [["门", 2, 5, "个"]]
    assert section(made, "安装数量")["rows"] == []
    there = reports.values(life.store, ReportRequest(kind="results", community="富力"))
    assert section(there, "没有登记问题的改造")["rows"] == [["门", 1, 3, "个"]]
    before = reports.values(life.store, ReportRequest(kind="results", as_of="2026-03-03"))
    assert "没有登记问题的改造" not in [s["title"] for s in before["sections"]]


def test_results_merge_in_any_order(life: Life, tmp_path: Path, clock: Clock) -> None:
    life.store.enter_result("手册", 1, "册", "2026-03-01", person=life.staff)
    taken, _ = life.store.enter_result("标语", 2, "条", "2026-03-02", person=life.staff)
    life.store.withdraw_result(taken, person=life.staff)
    with survey(tmp_path / "other.gpkg", clock, "device-b") as other:
        other.take_in(life.store.facts()[::-1])
        told = [(r.label, r.quantity) for r in other.entered_results()]
        assert told == [(r.label, r.quantity) for r in life.store.entered_results()] == [("手册", 1)]


@pytest.mark.parametrize(
    ("label", "quantity", "unit", "day"),
    [
        ("", 1, "册", "2026-03-01"), ("手册", 0, "册", "2026-03-01"), ("手册", float("nan"), "册", "2026-03-01"),
        ("手册", 1, " ", "2026-03-01"), ("手册", 1, "册", "2026-03-03"), ("手册", 1, "册", "三月"),
        ("手" * 5000, 1, "册", "2026-03-01"),
    ],
)  # fmt: skip
def test_faulty_results_are_refused(life: Life, label: str, quantity: float, unit: str, day: str) -> None:
    with pytest.raises(ReportError) as caught:
        life.store.enter_result(label, quantity, unit, day, person=life.staff)
    assert caught.value.advice
    assert life.store.entered_results() == []


def test_the_foot_keeps_the_blank_after_a_sign_that_css_escapes(tmp_path: Path) -> None:
    section = Section(title="a", headers=("b",), rows=((1,),))
    made = Report(
        kind="progress", title="residents' meeting", survey="a<b", as_of="2026-03-09", sample=False, sections=(section,)
    )  # fmt: skip
    (page,) = write_pages(made, tmp_path, lambda _picture: None)
    assert 'content: "residents\\27  meeting · a\\3c b · 截至 2026-03-09"' in page.read_text(encoding="utf-8")
