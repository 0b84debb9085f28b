"""What is wrong with a batch before it leaves: each fault with its record, its site, its column and the reason."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from barrierfree.errors import BatchError
from barrierfree.model.city import BatchFilter
from barrierfree.model.records import NewReport
from barrierfree.model.words import Problem, ReportSource
from barrierfree.operations import batches
from barrierfree.operations.batches import BatchFault
from barrierfree.store import Store
from tests.builders import Clock, inspection, visit
from tests.operations.city_survey import PROFILE, accepted, city_survey, definition, photo, site, template


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = city_survey(tmp_path / "s.gpkg", clock)
    accepted(store, clock, photos=[photo(store, 1)])
    return store


def faults(store: Store, wanted: BatchFilter | None = None) -> list[BatchFault]:
    return list(batches.plan_batch(store, wanted or BatchFilter()).faults)


def use(store: Store, profile: str = PROFILE, book: bytes = b"") -> None:
    store.adopt_definition(definition(profile, book), title="t", person="p", main_file=True)


def place(lon: float, lat: float) -> dict[str, object]:
    return {"position": {"lon": lon, "lat": lat, "given_x": lon, "given_y": lat, "datum": "wgs84"}}


def test_nothing_is_wrong(store: Store) -> None:
    assert faults(store) == []


def test_a_cell_with_its_record(store: Store) -> None:
    of = site(store)
    store.change_site(of, {"name": ""}, person="p")
    (fault,) = faults(store)
    assert (fault.sort, fault.kind, fault.column, fault.reason) == ("cell", "site", "名称", "必填，但是空的")
    assert (fault.record, fault.site) == (of, of)


def test_outside_the_area_and_without_a_position(store: Store) -> None:
    of = site(store)
    store.change_site(of, place(116.60, 39.89), person="p")
    (fault,) = faults(store)
    assert (fault.sort, fault.column, fault.site) == ("outside", "经度", of)
    store.change_site(of, place(116.4905, 39.89), person="p")
    assert faults(store) == [], "40 m beyond an outline that may be drawn by hand"
    store.change_site(of, {"position": None}, person="p")
    (fault,) = faults(store)
    assert (fault.sort, fault.reason) == ("position", "没有位置，请在调查页补上")
    use(store, PROFILE.replace('{ header = "经度", field = "lon", decimals = 6 },', "").replace(
        '{ header = "纬度", field = "lat", decimals = 6 },', ""
    ), template([("点位", ("点位编号", "名称", "问题数", "普查日期")),
                 ("问题", ("序号", "编号", "元素", "问题", "责任单位", "状态", "照片"))]))  # fmt: skip
    assert faults(store) == [], "where nobody asks for a position none is missing"


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09", "EPSG:4548"])
def test_the_area_is_that_of_the_target_datum(store: Store, datum: str) -> None:
    use(store, PROFILE.replace('datum = "gcj02"', f'datum = "{datum}"'))
    assert faults(store) == []
    store.change_site(site(store), place(116.505, 39.89), person="p")
    assert [f.sort for f in faults(store)] == ["outside"]


def test_a_photo_that_is_missing(store: Store) -> None:
    next(store.photos_folder.iterdir()).unlink()
    (fault,) = faults(store)
    assert (fault.sort, fault.kind, fault.column) == ("photo", "finding", "照片")
    assert fault.reason == "有 1 张照片的文件不在照片文件夹里"


def test_a_photo_is_required(store: Store, clock: Clock) -> None:
    use(store, PROFILE.replace('field = "photos_before" }', 'field = "photos_before", required = true }'))
    assert faults(store) == []
    accepted(store, clock, "光环")
    (fault,) = faults(store)
    assert (fault.column, fault.reason) == ("照片", "必填，但是空的")


def test_photos_that_would_share_a_name(store: Store, clock: Clock) -> None:
    use(store, PROFILE.replace("{code}_{kind}{n}.jpg", "{code}.jpg"))
    assert faults(store) == []
    made = store.submit_visit(visit(site(store), inspection(0.9, (photo(store, 2).sha256,))), person="anna",
                              photos=[photo(store, 2)])  # fmt: skip
    clock.move(hours=1)
    store.review_visit(made.visit, accept=True, person="boss")
    assert {f.sort for f in faults(store)} == {"photo_name"}


def test_sent_before_and_unchanged(store: Store, clock: Clock, tmp_path: Path) -> None:
    done = batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="boss")
    found = faults(store, BatchFilter(what="all"))
    assert {f.sort for f in found} == {"duplicate"}
    assert found[0].reason == f"已在批次 {done.number}（2026-03-02）里报送，之后没有变化"
    clock.move(days=1)
    accepted(store, clock, "光环")
    plan = batches.plan_batch(store, "all")
    report = batches.write_batch(store, plan, tmp_path / "out", person="boss", excepted=["duplicate"])
    assert (report.rows, len(report.left_out)) == (2, 2)


def test_two_records_with_one_number_of_the_city(store: Store, clock: Clock) -> None:
    accepted(store, clock, "光环")
    for text in ("幸福", "光环"):
        store.change_site(site(store, text), {"city_number": "C-1"}, person="p")
    assert faults(store) == [], "no column asks for it"
    use(store, PROFILE.replace('{ header = "名称", field = "site_name", required = true }',
                               '{ header = "名称", field = "city_number" }'))  # fmt: skip
    assert [(f.sort, f.column) for f in faults(store)] == [("number", "名称")] * 2


def test_a_code_that_answers_could_not_tell_apart(store: Store, clock: Clock) -> None:
    use(store, PROFILE.replace('field = "finding_code"\ncode', 'field = "site_code"\ncode'))
    found = faults(store)
    assert {f.sort for f in found} == {"key"}
    assert "有 2 行用这个编号" in found[0].reason


def test_a_provisional_code(store: Store, clock: Clock, tmp_path: Path) -> None:
    from tests.builders import new_site

    copy = store.back_up(tmp_path / "b.gpkg")
    shutil.copytree(store.photos_folder, copy.with_suffix(".photos"))
    with Store.open(copy, device="device-b", clock=clock) as other:
        made = other.add_sites([new_site("z", "新门店（示例）")], person="p").ids[0]
        seen = other.submit_visit(visit(made, inspection(1.3)), person="anna")
        clock.move(hours=1)
        other.review_visit(seen.visit, accept=True, person="boss")
        assert {(f.sort, f.site) for f in faults(other)} == {("provisional", made)}


def test_a_template_whose_header_moved(store: Store, tmp_path: Path) -> None:
    use(store, book=template([("点位", ("名称", "点位编号", "经度", "纬度", "问题数", "普查日期")),
                              ("问题", ("序号", "编号", "元素", "问题", "责任单位", "状态", "照片"))]))  # fmt: skip
    plan = batches.plan_batch(store)
    assert plan.faults[0].sort == "template"
    assert "点位编号" in plan.faults[0].reason
    with pytest.raises(BatchError, match="不符合要求"):
        batches.write_batch(store, plan, tmp_path / "out", person="boss", excepted=["template", "cell"])
    assert not list((tmp_path / "out").glob("*"))


def test_a_finding_that_nobody_inspected(store: Store) -> None:
    told = store.report_problem(
        NewReport(site=site(store, "光环"), problem=Problem.OCCUPIED, note="坡道被占", source=ReportSource.CALL),
        person="boss",
    )
    plan = batches.plan_batch(store)
    assert told.finding not in {r.record for r in plan.rows}, "not while it is only told of"


def test_more_rows_than_stand_above_the_sums(store: Store, clock: Clock, tmp_path: Path) -> None:
    accepted(store, clock, "光环")
    book = openpyxl.load_workbook(io.BytesIO(template()))
    book["点位"].cell(row=3, column=1, value="合计")
    frame = io.BytesIO()
    book.save(frame)
    use(store, book=frame.getvalue())
    plan = batches.plan_batch(store)
    assert [(f.sort, "合计" in f.reason) for f in plan.faults] == [("template", True)]
    out = [row.record for row in plan.rows if row.site != plan.rows[0].site]
    assert len(batches.without(plan, out)[2]) == 0
