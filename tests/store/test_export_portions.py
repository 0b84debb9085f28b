"""What a batch is made of, read some sites at a time, is what it is read at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from barrierfree.store import export_records
from tests.builders import Clock
from tests.operations.city_survey import accepted, city_survey


def test_portions_of_any_size_give_the_same(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    store = city_survey(tmp_path / "s.gpkg", clock, sites=5)
    for name in ("幸福", "光环", "富力"):
        accepted(store, clock, name)
    whole = store.export_records(("site", "finding"))
    monkeypatch.setattr(export_records, "_PORTION", 2)
    portions = list(store.export_portions(("site", "finding")))
    assert [(p.done, p.total) for p in portions] == [(2, 5), (4, 5), (5, 5)]
    assert [r for p in portions for r in p.records] == whole
    assert len(whole) == 6
