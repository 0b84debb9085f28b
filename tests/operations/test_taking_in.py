"""A list and its later editions: what is new, the same, changed, perhaps the same, gone; nothing is asked twice."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from barrierfree.coordinates import convert
from barrierfree.errors import BarrierFreeError, Cancelled, InventoryError
from barrierfree.model.words import RowKind
from barrierfree.operations import lists
from barrierfree.operations.lists import Choices, ListPlan, Reading, import_list
from barrierfree.operations.progress import Progress
from barrierfree.store import SameSite, SiteFilter, Store
from tests.builders import survey

HEAD = ("编号", "名称", "地址", "社区", "小分类", "经度", "纬度", "备注")
ROWS = (
    ("A1", "幸福便利店", "广渠路1号", "富力", "便利店", "116.4670", "39.8970", ""),
    ("A2", "光环药房", "广渠路2号", "富力", "药房", "116.4680", "39.8960", "二层"),
    ("A3", "富力社区居委会", "广渠路3号", "富力", "居委会", "116.4690", "39.8950", ""),
    ("A4", "双井公园东门", "广渠路4号", "", "公园", "116.4700", "39.8940", ""),
)
Row = tuple[str, ...]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return survey(tmp_path / "s.gpkg")


def write(path: Path, rows: tuple[Row, ...], head: Row = HEAD) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def plan_of(store: Store, path: Path, datum: str = "gcj02") -> ListPlan:
    raw = lists.read_list(path)
    columns = lists.suggest_reading(store, raw).columns
    return lists.compare_list(store, raw, Reading(columns, datum))


def kinds(plan: ListPlan) -> list[RowKind]:
    return [row.kind for row in plan.rows]


def test_the_same_list_again_asks_and_stores_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "一.csv", ROWS)
    first = import_list(store, path, datum="gcj02")
    assert (first.added, first.same, first.possible, first.gone) == (4, 0, (), ())
    facts = len(store.facts())
    again = import_list(store, path, datum="gcj02")
    assert (again.added, again.same, again.changed, again.possible, again.gone) == (0, 4, (), (), ())
    assert len(store.facts()) == facts
    site = store.sites(SiteFilter(text="幸福"))[0]
    assert (site.city_number, site.community, site.site_class) == (
        "A1",
        "富力",
        "storefront" if site.site_class else "",
    )


def test_a_new_edition_says_what_is_added_changed_and_gone(store: Store, tmp_path: Path) -> None:
    import_list(store, write(tmp_path / "2025.csv", ROWS), datum="gcj02")
    before = {s.name: s.id for s in store.sites()}
    newer = write(
        tmp_path / "2026.csv",
        (
            ("A1", "幸福便利店", "广渠路1号", "富力", "便利店", "116.46715", "39.8970", ""),  # moved 13 m
            ("A2", "光环大药房", "广渠路2号", "富力", "药房", "116.4680", "39.8960", "三层"),  # renamed, same number
            ("A3", "富力社区居委会", "广渠路3号", "富力", "居委会", "116.4690", "39.8950", ""),
            ("A9", "新开面馆", "广渠路9号", "富力", "美食", "116.4720", "39.8930", ""),
        ),
    )
    plan = plan_of(store, newer)
    assert kinds(plan) == [RowKind.CHANGED, RowKind.CHANGED, RowKind.SAME, RowKind.NEW]
    assert [g.name for g in plan.gone] == ["双井公园东门"]
    assert plan.updates is not None
    assert plan.updates.file == "2025.csv"
    report = lists.report_of(plan)
    assert report.changed[0].fields["position"][1].endswith("（向东移动 12.9 米）")
    assert report.changed[1].fields == {"name": ("光环药房", "光环大药房"), "note": ("二层", "三层")}
    facts = len(store.facts())
    assert lists.report_of(plan_of(store, newer)) == report
    assert len(store.facts()) == facts, "comparing stores nothing"
    done = lists.store_list(store, plan, person="p")
    assert done.added == 1
    sites = {s.id: s for s in store.sites()}
    assert sites[before["光环药房"]].name == "光环大药房"
    assert "2026.csv" in sites[before["双井公园东门"]].gone
    assert len(sites) == 5, "a site that is gone is marked, never removed"
    assert store.check() == []
    again = plan_of(store, newer)
    assert set(kinds(again)) == {RowKind.SAME}
    assert again.gone == ()
    back = plan_of(store, write(tmp_path / "2027.csv", ROWS))
    lists.store_list(store, back, person="p")
    assert store.site(before["双井公园东门"]).gone == "", "what a list has again is no longer gone"
    assert store.site(before["光环药房"]).name == "光环大药房", "an older edition brings no old name back"


def test_possible_rows_wait_for_a_person_who_is_not_asked_again(store: Store, tmp_path: Path) -> None:
    import_list(store, write(tmp_path / "a.csv", ROWS), datum="gcj02")
    other = write(
        tmp_path / "b.csv",
        (
            ("", "幸福便利店（双井店）", "朝阳区广渠路1号", "", "便利店", "116.46705", "39.8970", "一层"),
            ("", "光环药房旗舰店", "", "", "药房", "116.4681", "39.8960", ""),
        ),
    )
    plan = plan_of(store, other)
    assert kinds(plan) == [RowKind.POSSIBLE, RowKind.POSSIBLE]
    assert "相距 4 米" in plan.rows[0].candidates[0].reasons
    report = import_list(store, other, datum="gcj02")
    assert (report.added, len(report.possible)) == (0, 2)
    assert report.possible[0].other == "幸福便利店"
    assert report.possible[0].reason.startswith("名称相近")
    assert len(store.sites()) == 4
    one, two = plan.rows
    site = one.candidates[0].other
    done = lists.store_list(store, plan, Choices(same={one.id: site}, new={two.id}), person="p")
    assert done.added == 1
    joined = store.site(site)
    assert (joined.name, joined.note, joined.city_number) == ("幸福便利店", "一层", "A1"), (
        "blanks filled, the rest stands"
    )
    assert kinds(plan_of(store, other)) == [RowKind.SAME, RowKind.SAME]
    store.decide_same(SameSite(row=one.id, site=site, same=False, name=one.site.name, reason="两家店"), person="p")
    undone = plan_of(store, other)
    assert kinds(undone) == [RowKind.NEW, RowKind.SAME], "taken back: not the same, and not asked again"
    assert store.check() == []


def test_declined_changes_are_not_proposed_again(store: Store, tmp_path: Path) -> None:
    import_list(store, write(tmp_path / "a.csv", ROWS), datum="gcj02")
    changed = write(
        tmp_path / "b.csv", (("A1", "幸福便利店", "广渠路1号", "富力", "便利店", "116.4670", "39.8970", "改了"),)
    )
    plan = plan_of(store, changed)
    assert kinds(plan) == [RowKind.CHANGED]
    lists.store_list(store, plan, Choices(declined={plan.rows[0].id}), person="p")
    assert store.sites(SiteFilter(text="幸福"))[0].note == ""
    assert kinds(plan_of(store, changed)) == [RowKind.SAME]


def test_a_correction_in_the_survey_is_not_undone_by_the_list(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ROWS)
    import_list(store, path, datum="gcj02")
    site = store.sites(SiteFilter(text="幸福"))[0]
    store.change_site(site.id, {"name": "幸福超市", "community": "垂杨柳东里"}, person="p")
    assert kinds(plan_of(store, path)) == [RowKind.SAME] * 4


def test_duplicates_inside_one_list(store: Store, tmp_path: Path) -> None:
    copies = (
        ROWS[0], ROWS[0],  # the same row twice
        (*ROWS[0][:7], "后门"),  # the same place, described otherwise
        ("A7", "幸福便利店(双井店)", "广渠路1号", "富力", "便利店", "116.46702", "39.8970", ""),
    )  # fmt: skip
    plan = plan_of(store, write(tmp_path / "a.csv", copies))
    assert kinds(plan) == [RowKind.NEW, RowKind.SAME, RowKind.POSSIBLE, RowKind.POSSIBLE]
    assert "备注" in plan.rows[2].candidates[0].reasons[0]
    assert lists.report_of(plan).possible[1].other_row == 2
    lists.store_list(store, plan, lists.decide_all(plan, "same"), person="p")
    assert len(store.sites()) == 1
    assert set(kinds(plan_of(store, tmp_path / "a.csv"))) == {RowKind.SAME}
    assert store.check() == []


def test_two_laptops_agree(tmp_path: Path, shared: Path) -> None:
    path = shared / "shuangjing" / "facilities_gcj02.csv"
    found = []
    for device in ("a", "b"):
        with survey(tmp_path / f"{device}.gpkg", device=device) as store:
            import_list(store, path, datum="gcj02", decide="new")
            found.append({s.id for s in store.sites()})
            facts = store.facts()
    assert found[0] == found[1]
    assert len(found[0]) == 200
    with Store.open(tmp_path / "a.gpkg", device="a") as store:
        store.take_in([f for f in facts if f.kind in ("site", "same_site", "list")])
        assert len(store.sites()) == 200
        assert all(not s.conflicts or s.conflicts == ("code",) for s in store.sites())


def test_columns_and_datum_are_remembered_for_the_same_headers(store: Store, tmp_path: Path) -> None:
    head = ("店", "在哪", "x", "y")
    path = write(tmp_path / "a.csv", (("甲店", "广渠路1号", "116.4670", "39.8970"),), head)
    raw = lists.read_list(path)
    reading = Reading({"name": 0, "note": 1, "lon": 2, "lat": 3}, "bd09")
    lists.store_list(store, lists.compare_list(store, raw, reading), person="p")
    turned = write(tmp_path / "b.csv", (("116.4680", "39.8970", "乙店", "广渠路2号"),), ("x", "y", "店", "在哪"))
    found = lists.suggest_reading(store, lists.read_list(turned))
    assert (dict(found.columns), found.datum, found.remembered) == (
        {"name": 2, "note": 3, "lon": 0, "lat": 1}, "bd09", True,
    )  # fmt: skip


def test_mapping_file(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", (("甲店", "乙店", "116.4670", "39.8970"),), ("旧名", "新名", "x", "y"))
    mapping = tmp_path / "m.json"
    mapping.write_text(json.dumps({"name": "新名", "lon": "C", "lat": 4}), encoding="utf-8")
    import_list(store, path, datum="wgs84", mapping=mapping)
    assert [s.name for s in store.sites()] == ["乙店"]
    mapping.write_text(json.dumps({"name": "没有的列"}), encoding="utf-8")
    with pytest.raises(InventoryError) as caught:
        import_list(store, path, datum="wgs84", mapping=mapping)
    assert "没有的列" in caught.value.message
    assert "旧名" in caught.value.advice


@pytest.mark.parametrize("north", [True, False])
def test_plane_coordinates_either_way_round(store: Store, tmp_path: Path, north: bool) -> None:
    x, y = convert(116.461, 39.895, "wgs84", "EPSG:4527")
    pair = (y, x) if north else (x, y)
    path = write(tmp_path / "a.csv", (("甲店", *(f"{v:.3f}" for v in pair)),), ("名称", "X坐标", "Y坐标"))
    import_list(store, path, datum="EPSG:4527")
    site = store.sites()[0]
    assert site.lon == pytest.approx(116.461, abs=1e-7)
    assert site.lat == pytest.approx(39.895, abs=1e-7)


def test_without_a_datum_there_is_a_proposal_and_no_import(store: Store, shared: Path) -> None:
    with pytest.raises(InventoryError) as caught:
        import_list(store, shared / "shuangjing" / "facilities_gcj02.csv")
    assert "GCJ-02" in caught.value.message
    assert "--datum" in caught.value.advice
    assert store.sites() == []
    import_list(store, shared / "shuangjing" / "facilities_gcj02.csv", datum="gcj02", decide="new")
    raw = lists.read_list(shared / "shuangjing" / "facilities_gcj02.csv")
    proposal = lists.suggest_datum(store, raw, lists.suggest_reading(store, raw).columns)
    assert proposal.best == ("gcj02", False)
    assert proposal.sure, "known by their names, the same places tell the datum at once"


def test_cancelling_leaves_nothing(store: Store, tmp_path: Path) -> None:
    rows = tuple((f"N{i}", f"店{i}", f"路{i}号", "", "美食", f"{116.4 + i / 1e4:.4f}", "39.9", "") for i in range(3000))
    path = write(tmp_path / "a.csv", rows)
    before = len(store.facts())
    steps = 0
    while True:  # stopped at every step there is, in turn
        progress = Progress(lambda *_: None)
        seen = 0

        def on_step(_done: int, _total: int, _text: str, limit: int = steps, progress: Progress = progress) -> None:
            nonlocal seen
            seen += 1
            if seen > limit:
                progress.cancel()

        progress._on_step = on_step
        try:
            import_list(store, path, datum="wgs84", progress=progress)
            break
        except Cancelled:
            assert len(store.facts()) == before
            steps += 1
    assert steps > 10
    assert len(store.sites()) == 3000


def test_an_error_while_storing_leaves_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.csv", ROWS)
    before = len(store.facts())
    monkeypatch.setattr("barrierfree.store.places._insert_many", lambda *_a: 1 / 0)
    with pytest.raises((ZeroDivisionError, BarrierFreeError)):
        import_list(store, path, datum="wgs84")
    assert len(store.facts()) == before
    assert store.sites() == []
