"""The sample survey: 1,412 sites inside the outline, every state present, marked, the same every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from barrierfree.errors import DefinitionError
from barrierfree.inventory import Boundary
from barrierfree.model.words import FindingState, Outcome, Status, VisitState
from barrierfree.operations.sample import make_sample
from barrierfree.operations.surveys import definition_named
from barrierfree.store import SiteFilter
from tests.builders import definition


def test_the_sample(tmp_path: Path) -> None:
    known = definition_named("shuangjing-sample")
    with make_sample(tmp_path / "a.gpkg", known, device="d") as store:
        sites = store.sites()
        assert len(sites) == 1412
        boundary = Boundary.of(known.area.outline)
        assert all(boundary.contains(s.lon, s.lat) for s in sites if s.lon is not None and s.lat is not None)
        assert 5 < len(store.sites(SiteFilter(without_position=True))) < 30
        assert all("示例" in s.name for s in sites)
        assert all("示例" in p.name for p in store.people())
        assert {f.state for f in store.findings()} == set(FindingState)
        assert {v.state for v in store.visits()} >= {VisitState.SUBMITTED, VisitState.ACCEPTED, VisitState.RETURNED}
        assert {v.outcome for v in store.visits()} == set(Outcome)
        assert {s.status for s in sites} == set(Status)
        figures = store.figures()
        assert 0.15 < figures.visited / 1412 < 0.25
        assert figures.overdue > 0
        assert figures.regressions > 0
        assert {c.name for c in figures.communities} >= {c.name for c in known.area.communities}
        assert max(len(s.name) for s in sites) == 60
        assert store.info("sample") is True
        assert store.check() == []
        first = [(s.code, s.name, s.status) for s in sites]
    with make_sample(tmp_path / "b.gpkg", known, device="other") as again:
        assert [(s.code, s.name, s.status) for s in again.sites()] == first


def test_a_definition_without_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError):
        make_sample(tmp_path / "a.gpkg", definition(), device="d")
    assert not (tmp_path / "a.gpkg").exists()
