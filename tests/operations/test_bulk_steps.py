"""One step for many findings: seen before, taken as a whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from barrierfree.errors import Cancelled
from barrierfree.model.records import StepRequest
from barrierfree.model.words import FindingState as S
from barrierfree.operations.bulk_steps import preview, take
from barrierfree.operations.progress import Progress
from barrierfree.store import WantedStep
from tests.builders import Clock, inspection, new_site, survey, visit


def test_a_cancelled_bulk_action_leaves_nothing(tmp_path: Path, clock: Clock) -> None:
    store = survey(tmp_path / "s.gpkg", clock)
    store.add_sites([new_site(str(n), f"店 {n}（示例）") for n in range(5)], person="p")
    findings: list[str] = []
    for site in store.sites():
        made = store.submit_visit(visit(site.id, inspection(0.95)), person="anna")
        store.review_visit(made.visit, accept=True, person="staff")
        findings += made.findings
    request = StepRequest(to=S.SOFT_SERVICE, reason="门铃")
    progress = Progress(lambda done, total, text: progress.cancel() if done == 3 else None)
    with pytest.raises(Cancelled):
        preview(store, findings, request, person="staff", progress=progress)
    wanted = [WantedStep(finding=x, request=request) for x in findings]
    before = store.facts()
    late = Progress(lambda done, total, text: late.cancel() if done == 5 else None)
    with pytest.raises(Cancelled):
        take(store, wanted, (), "staff", late)
    assert store.facts() == before
    seen: list[tuple[int, int]] = []
    taken = take(store, wanted, (), "staff", Progress(lambda done, total, text: seen.append((done, total))))
    assert len(taken.done) == 5
    assert seen[0] == (0, 5)
    assert store.check() == []
