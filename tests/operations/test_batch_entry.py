"""Entry by hand: the fields as the target wants them, the mark with the city's number, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from barrierfree import coordinates
from barrierfree.errors import BatchError, NotFoundError, StepRefused
from barrierfree.operations import batch_entry, batches
from barrierfree.store import Store
from tests.builders import Clock
from tests.operations.city_survey import GIVEN, accepted, city_survey, photo


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = city_survey(tmp_path / "s.gpkg", clock)
    accepted(store, clock, photos=[photo(store, 1)])
    return store


def test_one_record_after_another(store: Store, clock: Clock, tmp_path: Path) -> None:
    (finding,) = store.findings()
    queue = batch_entry.entry_queue(store)
    assert [(r.sheet, r.code) for r in queue.records] == [
        ("点位", "110105016001LS0001"), ("问题", "110105016001LS0001-01-P1"),
    ]  # fmt: skip
    site, problem = queue.records
    assert [f.header for f in site.fields] == ["点位编号", "名称", "经度", "纬度", "问题数", "普查日期"]
    lon, lat = coordinates.convert(116.45, 39.89, "wgs84", "gcj02")
    assert [f.text for f in site.fields][2:] == [f"{lon:.6f}", f"{lat:.6f}", "1", "2026-03-02"]
    assert {f.header: f.text for f in problem.fields}["状态"] == "01"
    assert [p.name for p in problem.photos] == ["110105016001LS0001-01_前1.jpg"]
    batch_entry.mark_entered(store, problem, " C-1 ", person="clerk")
    assert store.finding(finding.id).city_number == "C-1"
    assert [r.code for r in batch_entry.entry_queue(store).records] == [site.code]
    assert [r.kind for r in batches.plan_batch(store).rows] == ["site"], "it counts as sent for batches too"
    with pytest.raises(StepRefused, match="已经报送过"):
        batch_entry.mark_entered(store, problem, "C-1", person="clerk")
    clock.move(hours=1)
    store.record_step(finding.id, GIVEN, person="boss")
    (changed,) = batch_entry.entry_queue(store, "changed").records
    assert changed.row.changed == ("unit", "state")
    batch_entry.mark_entered(store, changed, person="clerk")
    assert batch_entry.entry_queue(store, "changed").records == ()
    assert [(e.city_number, e.person) for e in store.entries(record=finding.id)] == [("C-1", "clerk"), ("", "clerk")]
    batch_entry.take_back_entry(store, finding.id, person="clerk")
    assert [r.record for r in batch_entry.entry_queue(store, "changed").records] == [finding.id]
    with pytest.raises(NotFoundError, match="没有手工录入"):
        batch_entry.take_back_entry(store, "nobody", person="clerk")
    assert store.check() == []


def test_a_batch_planned_before_does_not_send_it_again(store: Store, tmp_path: Path) -> None:
    plan = batches.plan_batch(store)
    batch_entry.mark_entered(store, batch_entry.entry_queue(store).records[1], "C-1", person="clerk")
    with pytest.raises(BatchError, match="检查之后又报送了 1 条记录"):
        batches.write_batch(store, plan, tmp_path / "out", person="boss")
    assert store.batches() == []
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_wrong_stands_beside(store: Store) -> None:
    next(store.photos_folder.iterdir()).unlink()
    site, problem = batch_entry.entry_queue(store).records
    assert (site.faults, [f.sort for f in problem.faults]) == ((), ["photo"])
