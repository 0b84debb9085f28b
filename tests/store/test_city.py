"""What went to the city's system and came back: the same from the same facts in any order; older batches still read."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from barrierfree.errors import BatchError, StepRefused
from barrierfree.model.city import BatchRow, CityState, NewAnswer, NewBatch, NewEntry
from barrierfree.model.records import StepRequest
from barrierfree.model.words import FindingState as S
from barrierfree.store import SiteFilter, Store, sendings
from tests.builders import Clock, inspection, new_site, survey, visit

GIVEN = StepRequest(to=S.IN_PROGRESS, unit="示例单位", deadline="2026-04-01")


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = survey(tmp_path / "s.gpkg", clock)
    store.add_sites([new_site("a"), new_site("b", "光环药房（示例）", "富力")], person="p")
    return store


def found(store: Store, clock: Clock, text: str = "幸福") -> str:
    site = store.sites(SiteFilter(text=text))[0].id
    made = store.submit_visit(visit(site, inspection(0.95)), person="anna")
    clock.move(hours=1)
    store.review_visit(made.visit, accept=True, person="boss")
    clock.move(hours=1)
    return made.findings[0]


def batch(store: Store, clock: Clock, *rows: BatchRow) -> str:
    made, changes = store.record_batch(
        NewBatch(number=store.next_batch_number(), profile="p", rows=rows), person="boss"
    )
    assert changes.batches
    clock.move(minutes=1)
    return made


def row(record: str, state: str = "1", kind: str = "finding") -> BatchRow:
    return BatchRow(record=record, code=record[-6:], values_hash=state, state=state, kind=kind)


def entry(record: str, state: str = "1", number: str = "", kind: str = "finding") -> NewEntry:
    return NewEntry(record=record, kind=kind, code=record[-6:], values_hash=state, state=state, values={},
                    city_number=number)  # fmt: skip


def answer(record: str, sending: str, *, ok: bool = True, number: str = "", line: int = 1, kind: str = "finding",
           file: str = "f") -> NewAnswer:  # fmt: skip
    return NewAnswer(record=record, kind=kind, sending=sending, accepted=ok, city_number=number, line=line,
                     reason="" if ok else "照片不清", file_hash=file)  # fmt: skip


def said(store: Store, *records: str) -> object:
    states = store.sent_states()
    return (
        [(b.number, b.rows, b.accepted, b.rejected, b.waiting, b.superseded) for b in store.batches()],
        sorted((key, s.last.id, s.state, s.reason, s.city_number) for key, s in states.items()),
        [store.finding(r).city_number for r in records if r in {f.id for f in store.findings()}],
        store.rejected(), store.entries(taken_back=True), store.answers(), store.figures().city_rejected,
    )  # fmt: skip


def in_any_order(store: Store, tmp_path: Path, clock: Clock, *records: str) -> None:
    facts = store.facts()
    people = [(p.id, p.name) for p in store.people()]
    for seed in range(6):
        other = Store.create(tmp_path / f"order{len(facts)}-{seed}.gpkg", device="x", clock=clock)
        shuffled = random.Random(seed).sample(facts, len(facts))
        for start in range(0, len(shuffled), 3):
            other.take_in(shuffled[start : start + 3])
        assert people == [(p.id, p.name) for p in other.people()]
        assert said(other, *records) == said(store, *records)
        assert other.check(photos=False) == []
        other.close()
    assert store.check(photos=False) == []


def test_sent_by_batch_and_by_hand_and_answered(store: Store, clock: Clock, tmp_path: Path) -> None:
    one, two = found(store, clock), found(store, clock, "光环")
    first = batch(store, clock, row(one), row(two))
    assert store.sent_states()["finding", one].state is CityState.WAITING
    assert store.record_answers(
        [answer(one, first, ok=False, line=2), answer(two, first, number="C-2", line=3)], person="boss"
    )[0] == 2  # fmt: skip
    assert store.finding(two).city_number == "C-2"
    states = store.sent_states()
    assert (states["finding", one].state, states["finding", one].reason) == (CityState.REJECTED, "照片不清")
    assert states["finding", two].state is CityState.ACCEPTED
    assert [(b.accepted, b.rejected, b.waiting) for b in store.batches()] == [(1, 1, 0)]
    clock.move(days=1)
    made, _ = store.record_entry(entry(one, "2", "C-1"), person="clerk")
    assert store.rejected() == []
    assert store.finding(one).city_number == "C-1"
    assert [(d.day, d.rows) for d in store.entry_days()] == [("2026-03-03", 1)]
    in_any_order(store, tmp_path, clock, one, two)
    with pytest.raises(StepRefused, match="只能撤销自己"):
        store.take_back_entry(made, person="boss")
    store.take_back_entry(made, person="clerk")
    assert [r.record for r in store.rejected()] == [one]
    assert store.finding(one).city_number == ""
    with pytest.raises(StepRefused, match="已经撤销"):
        store.take_back_entry(made, person="clerk")
    history = store.city_history(one)
    assert (len(history.sendings), len(history.entries), len(history.answers)) == (1, 1, 1)
    in_any_order(store, tmp_path, clock, one, two)


def test_an_answered_entry_is_not_taken_back(store: Store, clock: Clock) -> None:
    one = found(store, clock)
    made, _ = store.record_entry(entry(one), person="clerk")
    store.record_answers([answer(one, made)], person="boss")
    with pytest.raises(StepRefused, match="已经答复"):
        store.take_back_entry(made, person="clerk")
    made, _ = store.record_entry(entry(one, "2"), person="clerk")
    batch(store, clock, row(one, "3"))
    with pytest.raises(StepRefused, match="之后又报送过"):
        store.take_back_entry(made, person="clerk")


def test_a_later_answer_replaces_the_one_before(store: Store, clock: Clock, tmp_path: Path) -> None:
    one = found(store, clock)
    sent = batch(store, clock, row(one))
    store.record_answers([answer(one, sent, ok=False)], person="boss")
    clock.move(days=1)
    store.record_answers([answer(one, sent, number="C-9", file="g")], person="boss")
    assert store.sent_states()["finding", one].state is CityState.ACCEPTED
    assert [a.in_force for a in store.answers()] == [False, True]
    assert store.record_answers([answer(one, sent, ok=False)], person="boss")[0] == 0, "the first file once more"
    in_any_order(store, tmp_path, clock, one)
    for fact in [x for x in store.facts() if x.kind == "answer"]:  # the same files taken in on another computer
        store.take_in([replace(fact, id="7" + fact.id[1:], device="other", base={})])
    assert [(a.accepted, a.in_force) for a in store.answers()] == [(False, False), (True, True)]
    in_any_order(store, tmp_path, clock, one)


def test_the_city_numbers_a_site_as_a_field_of_it(store: Store, clock: Clock, tmp_path: Path) -> None:
    site = store.sites(SiteFilter(text="幸福"))[0].id
    store.change_site(site, {"city_number": "ours"}, person="p")
    made, changes = store.record_entry(entry(site, "1", "C-7", kind="site"), person="clerk")
    assert site in changes.sites
    assert store.site(site).city_number == "C-7"
    assert store.sites(SiteFilter(text="C-7"))[0].id == site, "it is found by it"
    store.take_back_entry(made, person="clerk")
    assert store.site(site).city_number == "ours"
    sent = batch(store, clock, row(site, kind="site"))
    store.record_answers([answer(site, sent, number="C-8", kind="site")], person="boss")
    assert store.site(site).city_number == "C-8"
    in_any_order(store, tmp_path, clock)


def test_a_step_that_was_typed_in_is_not_taken_back(store: Store, clock: Clock) -> None:
    one = found(store, clock)
    store.record_step(one, GIVEN, person="boss")
    clock.move(minutes=1)
    made, _ = store.record_entry(entry(one), person="boss")
    assert "交出" in store.undoing(one, person="boss").refused
    with pytest.raises(StepRefused, match="交出"):
        store.revert_step(one, person="boss")
    store.take_back_entry(made, person="boss")
    assert store.revert_step(one, person="boss")[0] == (one,)
    assert store.finding(one).state is S.OPEN
    assert store.check(photos=False) == []


def test_a_batch_that_never_left(store: Store, clock: Clock, tmp_path: Path) -> None:
    one = found(store, clock)
    sent = batch(store, clock, row(one))
    store.take_back_batch(sent, person="boss")
    assert (store.batches(), store.sent_states()) == ([], {})
    assert store.next_batch_number().endswith("-02")
    in_any_order(store, tmp_path, clock, one)
    sent = batch(store, clock, row(one))
    store.record_answers([answer(one, sent)], person="boss")
    with pytest.raises(StepRefused, match="已有市系统的答复"):
        store.take_back_batch(sent, person="boss")


def test_only_the_main_file_writes_here(store: Store, clock: Clock, tmp_path: Path) -> None:
    one = found(store, clock)
    sent = batch(store, clock, row(one))
    copy = store.back_up(tmp_path / "b.gpkg")
    with Store.open(copy, device="device-b", clock=clock) as other:
        before = len(other.facts())
        for refused in (
            lambda: other.record_batch(NewBatch(number="1", profile="p", rows=()), person="x"),
            lambda: other.record_entry(entry(one), person="x"),
            lambda: other.record_answers([answer(one, sent)], person="x"),
            lambda: other.take_back_batch(sent, person="x"),
        ):
            with pytest.raises(BatchError, match="总库"):
                refused()
        assert len(other.facts()) == before


def test_a_number_is_used_once(store: Store, clock: Clock) -> None:
    one = found(store, clock)
    new = NewBatch(number="20260302-01", profile="p", rows=(row(one),))
    store.record_batch(new, person="boss")
    with pytest.raises(BatchError, match="已经用过"):
        store.record_batch(new, person="boss")
    assert store.next_batch_number() == "20260302-02"


def test_a_batch_of_the_layout_before(tmp_path: Path, clock: Clock) -> None:
    path = Path(shutil.copyfile(Path(__file__).with_name("files") / "m004.gpkg", tmp_path / "old.gpkg"))
    with Store.open(path, device="device-a", clock=clock) as old:
        (made,) = old.batches()
        rows = old.batch_rows(made.id)
        assert rows
        assert all((r.kind, r.state) == ("finding", "") for r in rows)
        assert len(rows) == made.rows == made.waiting
        assert len(old.sent_states()) == len(rows)
        assert old.sent_values(made.id) == {}
        with pytest.raises(BatchError, match="不能重新生成"):
            old.kept_batch(made.number)
        assert old.check() == []


TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
PLAIN = st.dictionaries(
    TEXTS, st.one_of(st.none(), TEXTS, st.integers(), st.floats(allow_nan=False, allow_infinity=False))
)


@given(st.lists(PLAIN, max_size=5))
@settings(max_examples=200, deadline=None)
def test_packed_values_come_back(values: list[dict[str, object]]) -> None:
    assert sendings.unpack(sendings.pack(values)) == values


ACTS = st.lists(
    st.tuples(st.sampled_from(["batch", "entry", "accept", "reject", "back"]), st.integers(0, 1)),
    min_size=1,
    max_size=8,
)


@given(ACTS)
@example([("entry", 1), ("entry", 0), ("accept", 1), ("batch", 1), ("entry", 1), ("accept", 1), ("batch", 1)])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_sent_and_answered(tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]) -> None:
    """A model beside it: the last sending of each record and the last answer to it."""
    clock = Clock()
    folder = tmp_path_factory.mktemp("acts")
    with survey(folder / "s.gpkg", clock) as store:
        records = ["R" * 26, "S" * 26]
        model: dict[str, list[tuple[str, CityState, bool]]] = {r: [] for r in records}  # id, state, by hand
        for line, (act, which) in enumerate(acts):
            clock.move(minutes=1)
            record, held = records[which], model[records[which]]
            if act == "batch":
                held.append((batch(store, clock, row(record, str(line))), CityState.WAITING, False))
            elif act == "entry":
                made, _ = store.record_entry(entry(record, str(line)), person="clerk")
                held.append((made, CityState.WAITING, True))
            elif act == "back":
                if held and held[-1][2] and held[-1][1] is CityState.WAITING:
                    store.take_back_entry(held[-1][0], person="clerk")
                    held.pop()
            elif held:
                ok = act == "accept"
                store.record_answers([answer(record, held[-1][0], ok=ok, line=line, file=str(line))], person="boss")
                held[-1] = (held[-1][0], CityState.ACCEPTED if ok else CityState.REJECTED, held[-1][2])
        states = store.sent_states()
        assert {r: (s.last.id, s.state) for (_, r), s in states.items()} == {
            r: held[-1][:2] for r, held in model.items() if held
        }
        facts = random.Random(len(acts)).sample(store.facts(), len(store.facts()))
        with Store.create(folder / "o.gpkg", device="x", clock=clock) as other:
            for fact in facts:
                other.take_in([fact])
            assert other.sent_states() == states
            assert other.check(photos=False) == []
