"""The history in words: differences, what they replace, hostile texts in the exported log."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from barrierfree.errors import Cancelled, NotFoundError, StorageError
from barrierfree.model.history import Change
from barrierfree.model.records import StepRequest
from barrierfree.model.words import FindingState
from barrierfree.operations import history
from barrierfree.operations.progress import Progress
from barrierfree.store import SiteFilter, Store
from tests.builders import Clock, inspection, new_site, survey, visit
from tests.store.test_life import rectify


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    made = survey(tmp_path / "s.gpkg", clock)
    made.add_sites([new_site("a"), new_site("b", "光环药房（示例）", "富力")], person="p")
    for person in ("anna", "ben", "staff"):
        made.name_person(person, person)
    return made


def told(changes: list[Change]) -> list[tuple[str, str, str, str, str]]:
    return [(c.person, c.what, c.field, c.old, c.new) for c in changes]


def test_a_site_tells_what_it_was_before(store: Store, clock: Clock) -> None:
    site = store.sites(SiteFilter(text="幸福"))[0]
    clock.move(hours=1)
    store.change_site(site.id, {"name": "幸福超市（示例）"}, person="anna")
    clock.move(hours=1)
    store.change_site(site.id, {"name": "幸福大超市（示例）", "note": "二层"}, person="ben")
    found = told(history.history(store, site.id))
    assert found[:3] == [
        ("ben", "点位", "名称", "幸福超市（示例）", "幸福大超市（示例）"),
        ("ben", "点位", "备注", "", "二层"),
        ("anna", "点位", "名称", "幸福便利店（示例）", "幸福超市（示例）"),
    ]
    assert history.history(store, site.code) == history.history(store, site.id)
    assert ("", "点位", "位置", "", "39.890000, 116.460000（WGS-84）") in found, "p has no name"


def test_a_finding_tells_its_steps_and_a_visit_its_review(store: Store, clock: Clock) -> None:
    finding = rectify(store, clock)
    store.record_step(finding, StepRequest(to=FindingState.IN_PROGRESS, reason="照片看不清"), person="staff")
    found = told(history.history(store, finding))
    assert found[:2] == [
        ("staff", "整改步骤", "状态", "待验收", "整改中"),
        ("staff", "整改步骤", "原因", "", "照片看不清"),
    ]
    assert ("staff", "整改步骤", "期限", "", "2026-04-01") in found
    assert ("staff", "整改步骤", "整改措施", "", "加宽") in found
    assert ("anna", "检查记录", "净宽", "", "0.95 m") in found
    made = store.visits()[0]
    reviewed = told(history.history(store, made.id))
    assert reviewed[0] == ("staff", "审核", "审核结果", "", "已通过")


def test_an_inspection_tells_what_it_changed(store: Store, clock: Clock) -> None:
    site = store.sites(SiteFilter(text="幸福"))[0].id
    first = store.submit_visit(visit(site, inspection(0.95)), person="anna")
    clock.move(hours=1)
    store.review_visit(first.visit, accept=False, person="staff", reason="净宽请复测")
    again = inspection(1.25).model_copy(update={"replaces": first.inspections[0]})
    second = store.submit_visit(visit(site, again), person="anna")
    found = told(history.history(store, second.inspections[0]))
    assert ("anna", "检查记录", "净宽", "0.95 m", "1.25 m") in found
    assert ("anna", "检查记录", "上报问题", "尺寸不达标", "") in found
    assert not [line for line in found if line[2] == "是否设置"], "what stays the same is no change"


def test_a_removed_name_is_not_told(store: Store, clock: Clock) -> None:
    store.change_site(store.sites()[0].id, {"name": "某店（示例）"}, person="nobody")
    assert history.history(store, store.sites()[0].id)[0].person == ""


def test_an_unknown_record_is_said(store: Store) -> None:
    with pytest.raises(NotFoundError, match="没有编号为“nothing”的记录"):
        history.history(store, "nothing")


HOSTILE = "=cmd|' /C calc'!A0 😀\x07" + "长" * 3000


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_whole_log_is_exported_and_texts_stay_texts(tmp_path: Path, store: Store, suffix: str) -> None:
    site = store.sites()[0].id
    store.change_site(site, {"note": HOSTILE}, person="anna")
    path = history.export_log(store, tmp_path / "out" / f"log{suffix}")
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [tuple(row) for row in csv.reader(file)]
    else:
        book = load_workbook(path)
        rows = [tuple(str(c or "") for c in row) for row in book.worksheets[0].iter_rows(values_only=True)]
        assert {c.data_type for row in book.worksheets[0].iter_rows() for c in row} <= {"s", "n", "inlineStr"}
    assert rows[0][:3] == ("时间", "人员", "电脑")
    last = rows[-1]
    assert last[1] == "anna"
    assert last[7].lstrip("'").startswith("=cmd|' /C calc'!A0 😀长长")
    assert suffix == ".xlsx" or last[7].startswith("'=")
    assert {row[8] for row in rows[1:]} == {fact.id for fact in store.facts()}


def test_a_cancelled_or_failed_export_leaves_nothing(tmp_path: Path, store: Store) -> None:
    progress = Progress()
    progress.cancel()
    for suffix in (".csv", ".xlsx"):
        with pytest.raises(Cancelled):
            history.export_log(store, tmp_path / "out" / f"log{suffix}", progress)
    assert list((tmp_path / "out").iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="没有写成"):
        history.export_log(store, tmp_path / "file" / "log.csv")
