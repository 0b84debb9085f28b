"""Sheets of paper typed in: dates as people write them, which site is meant, what the visit says."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from barrierfree.errors import AnswerError, NotFoundError
from barrierfree.model.records import Draft
from barrierfree.model.words import Outcome
from barrierfree.operations.paper_entry import find_sheet, read_day, read_moment, submit_sheet
from barrierfree.operations.paper_order import code_text, paper_parts
from tests.builders import Clock, new_site, survey

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-28", "2026-02-28"), ("20260228", "2026-02-28"), ("2-28", "2026-02-28"), ("0228", "2026-02-28"),
        ("２.２８", "2026-02-28"), ("2月28日", "2026-02-28"), ("12/28", "2025-12-28"), ("3-2", "2026-03-02"),
        ("2025年9月3日", "2025-09-03"),
    ],
)  # fmt: skip
def test_days(text: str, day: str) -> None:
    assert read_day(text, TODAY).isoformat() == day


@pytest.mark.parametrize("text", ["", "3-3", "2026-03-03", "7-1", "2-30", "昨天", "13", "2026-13-01", "99999999"])
def test_no_days_and_days_to_come(text: str) -> None:
    with pytest.raises(AnswerError) as refused:
        read_day(text, TODAY)
    assert refused.value.advice


def test_moments() -> None:
    assert read_moment("3-2", "", NOW).isoformat() == "2026-03-02T00:00:00+08:00"
    for text in ("8:30", "0830", "8点30分", "8：30"):
        assert read_moment("3-2", text, NOW).hour == 8
    assert read_moment("3-1", "23:59", NOW).minute == 59
    for wrong in ("9:30", "24:00", "8:75", "早上"):
        with pytest.raises(AnswerError):
            read_moment("3-2", wrong, NOW)


def test_the_site_that_is_meant_and_what_the_visit_says(tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg", Clock()) as store:
        store.add_sites([new_site("a"), new_site("b"), new_site("c", community="富力")], person="p")
        one, two, other = sorted(store.sites(), key=lambda s: s.code)
        assert find_sheet(store, two.code.lower()).work.site.id == two.id
        assert find_sheet(store, " ０００２ ").work.site.id == two.id
        with pytest.raises(NotFoundError, match="多个点位"):
            find_sheet(store, "0001")
        with pytest.raises(NotFoundError):
            find_sheet(store, "%")
        code = code_text(store, other, paper_parts(store.definition(), other, store.checkpoints(other.id)), full=True)
        assert (find_sheet(store, code).work.site.id, find_sheet(store, code).full) == (other.id, True)
        store.add_checkpoint(other.id, "door", person="p")
        assert "题号可能不同" in find_sheet(store, code).warnings[0]
        store.save_draft(
            Draft(site=one.id, element="wheelchair_ramp", number=1, person="t", answers={"clear_width": 0.9})
        )
        typist, _ = store.name_person("录入员")
        done = submit_sheet(
            store, one.id, surveyor="新人", entered_by=typist, moment=NOW - timedelta(days=3), outcome=Outcome.PARTLY
        )
        visit = store.visit(done.visit)
        assert (visit.person_name, visit.entered_by, visit.source) == ("新人", "录入员", "paper")
        assert visit.ended == "2026-02-27T09:00:00+08:00"
        assert len(done.findings) == 1
        assert store.drafts() == []
        assert store.check() == []
