"""The round trip: a survey, its batch opened by other programs, the city's answer, the states that come of it."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from barrierfree.errors import BatchError
from barrierfree.model.city import CityState
from barrierfree.operations import batches, city_answers
from barrierfree.operations.city_answers import Match
from barrierfree.store import Store
from barrierfree.workbook.rows import maker
from tests.builders import Clock
from tests.operations.city_survey import GIVEN, PROFILE, accepted, city_survey, photo

Line = tuple[str, str, str, str]  # code, result, reason, number


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = city_survey(tmp_path / "s.gpkg", clock)
    accepted(store, clock, photos=[photo(store, 1)])
    accepted(store, clock, "光环", width=1.3)
    accepted(store, clock, "餐厅", width=0.8)
    return store


def answer_file(path: Path, lines: Sequence[Line]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([("编号", "结果", "原因", "市编号"), *lines])
        return path
    book = openpyxl.Workbook()
    for line in [("编号", "结果", "原因", "市编号"), *lines]:
        book.worksheets[0].append(list(line))
    book.save(path)
    return path


def send(store: Store, out: Path, what: str = "new") -> batches.BatchReport:
    return batches.write_batch(store, batches.plan_batch(store, what), out, person="boss")  # type: ignore[arg-type]


def expected(plan: batches.BatchPlan) -> dict[str, list[list[str]]]:
    """Every cell as the plan says, as text."""
    from barrierfree.operations.batch_values import dressed

    ready = dressed(plan.profile, plan.number, plan.rows)
    sheets = {}
    for sheet in plan.profile.sheets:
        made = [maker(plan.profile, column) for column in sheet.columns]
        sheets[sheet.name] = [
            [_told(one(row.values, at)) for one in made] for at, row in enumerate(ready[sheet.rows], start=1)
        ]
    return sheets


def _told(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)[:10] if hasattr(
        value, "isoformat"
    ) else str(value)  # fmt: skip


def seen(path: Path) -> dict[str, list[list[str]]]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return {
        name: [[_told(c) for c in row] for row in book.get_sheet_by_name(name).to_python()[1:]]
        for name in book.sheet_names
    }


def test_every_cell_is_what_the_plan_says(store: Store, clock: Clock, tmp_path: Path) -> None:
    store.record_step(store.findings()[0].id, GIVEN, person="boss")
    plan = batches.plan_batch(store)
    done = batches.write_batch(store, plan, tmp_path / "out", person="boss")
    wanted = expected(plan)
    assert [len(rows) for rows in wanted.values()] == [3, 3]
    assert seen(Path(done.workbook)) == wanted
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here")
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless", "--convert-to", "ods",
         "--outdir", str(tmp_path), done.workbook],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert seen(tmp_path / f"{done.number}.ods") == wanted


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_answer_of_the_city(store: Store, clock: Clock, tmp_path: Path, suffix: str) -> None:
    done = send(store, tmp_path / "out")
    batch = store.batch(done.number)
    rows = store.batch_rows(batch.id)
    by_code = {row.code: row for row in rows}
    codes = sorted(by_code)
    lines: list[Line] = [(code, "通过", "", f"C{at}") for at, code in enumerate(codes)]
    lines[0] = (codes[0], "退回", "照片不清", "")
    lines[1] = (codes[1], "退回", "位置不对", "")
    lines[2] = (codes[2], "处理中", "", "")
    rng = random.Random(3)
    mixed = [*rng.sample(lines, len(lines)), lines[-1], ("BF-9", "通过", "", "X")]
    file = answer_file(tmp_path / f"answer{suffix}", mixed)
    before = len(store.facts())
    plan = city_answers.plan_answers(store, file)
    assert len(store.facts()) == before
    counts = {m: plan.count(m) for m in Match if plan.count(m)}
    assert counts == {Match.ACCEPTED: 3, Match.REJECTED: 2, Match.REPEATED: 1, Match.UNKNOWN: 1, Match.UNCLEAR: 1}
    assert [r.row.line for r in plan.rows] == list(range(2, len(mixed) + 2))
    taken, changes = city_answers.take_answers(store, plan, person="boss")
    assert (taken, changes.batches) == (5, True)
    states = store.sent_states()
    for at, code in enumerate(codes):
        state = states[by_code[code].kind, by_code[code].record]
        wanted = CityState.REJECTED if at < 2 else CityState.WAITING if at == 2 else CityState.ACCEPTED
        assert state.state is wanted
        assert state.city_number == (f"C{at}" if at > 2 else "")
    (held,) = store.batches()
    assert (held.accepted, held.rejected, held.waiting) == (3, 2, 1)
    assert {r.reason for r in store.rejected()} == {"照片不清", "位置不对"}
    for finding in store.findings():
        at = codes.index(next(r.code for r in rows if r.record == finding.id))
        assert finding.city_number == (f"C{at}" if at > 2 else "")
    once_more = city_answers.plan_answers(store, file)
    assert once_more.count(Match.KNOWN) == 5
    assert not once_more.taken
    assert city_answers.take_answers(store, once_more, person="boss")[0] == 0
    assert city_answers.take_answers(store, plan, person="boss")[0] == 0, "the old preview too"
    later = answer_file(tmp_path / f"later{suffix}", [(codes[2], "通过", "", "C2"), lines[-1]])
    plan = city_answers.plan_answers(store, later)
    assert [r.match for r in plan.rows] == [Match.ACCEPTED, Match.KNOWN]
    city_answers.take_answers(store, plan, person="boss")
    assert store.batches()[0].waiting == 0
    assert store.check() == []


def test_rows_that_contradict_are_not_taken(store: Store, tmp_path: Path) -> None:
    send(store, tmp_path / "out")
    code = store.batch_rows(store.batches()[0].id)[0].code
    file = answer_file(tmp_path / "a.csv", [(code, "通过", "", "1"), (code, "退回", "不行", "")])
    plan = city_answers.plan_answers(store, file)
    assert [r.match for r in plan.rows] == [Match.CONTRADICTED] * 2
    assert "内容不同" in plan.rows[0].said
    assert city_answers.take_answers(store, plan, person="boss")[0] == 0


def test_an_answer_goes_to_the_newest_batch(store: Store, clock: Clock, tmp_path: Path) -> None:
    first = send(store, tmp_path / "out")
    rows = store.batch_rows(store.batch(first.number).id)
    row = next(r for r in rows if r.kind == "finding" and "-P" in r.code)
    old = answer_file(tmp_path / "a.csv", [(row.code, "退回", "照片不清", "")])
    city_answers.take_answers(store, city_answers.plan_answers(store, old), person="boss")
    clock.move(days=1)
    second = send(store, tmp_path / "out", "rejected")
    plan = city_answers.plan_answers(store, old)
    assert [r.match for r in plan.rows] == [Match.KNOWN], "the answer to the first batch is not one to the second"
    new = answer_file(tmp_path / "b.csv", [(row.code, "通过", "", "C5")])
    plan = city_answers.plan_answers(store, new)
    assert plan.rows[0].sending is not None
    assert plan.rows[0].sending.number == second.number
    city_answers.take_answers(store, plan, person="boss")
    assert store.sent_states()[row.kind, row.record].state is CityState.ACCEPTED
    assert [(b.rejected, b.accepted) for b in store.batches()] == [(0, 1), (1, 0)]
    assert store.check() == []


def test_a_profile_without_a_layout_of_the_answer(store: Store, tmp_path: Path) -> None:
    a, b = PROFILE.index("[answer]"), PROFILE.index("[[sheets]]")
    made = store.definition().model_copy(update={"profile": PROFILE[:a] + PROFILE[b:]})
    store.adopt_definition(made, title="t", person="p", main_file=True)
    with pytest.raises(BatchError, match="没有写明市系统怎样答复"):
        city_answers.plan_answers(store, tmp_path / "a.csv")


def test_a_transaction_that_fails_takes_nothing_in(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, tmp_path / "out")
    lines = [(r.code, "通过", "", "") for r in store.batch_rows(store.batches()[0].id)]
    plan = city_answers.plan_answers(store, answer_file(tmp_path / "a.csv", lines))
    before = len(store.facts())
    from barrierfree.store import sendings

    real, calls = sendings.derive, 0

    def failing(*given: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError(28, "No space left on device")
        real(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(sendings, "derive", failing)
        with pytest.raises(Exception, match="No space"):
            city_answers.take_answers(store, plan, person="boss")
    assert len(store.facts()) == before
    assert store.answers() == []
    assert city_answers.take_answers(store, plan, person="boss")[0] == len(lines)
    assert store.check() == []


def test_codes_and_titles_as_clerks_leave_them(store: Store, tmp_path: Path) -> None:
    """Full-width or small letters, a formula around the code, the title of our own empty column once more."""
    send(store, tmp_path / "out")
    codes = [row.code for row in store.batch_rows(store.batches()[0].id) if row.kind == "finding"]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in codes[0])
    book = openpyxl.Workbook()
    for line in (
        ("编号", "市编号", "结果", "原因", "市编号"), (wide, None, "通过", None, "BJ1"),
        (codes[1].lower(), None, "退回", "照片不清", None), (f"'{codes[2]}", None, "通过", None, "BJ3"),
    ):  # fmt: skip
        book.worksheets[0].append(line)
    book.save(tmp_path / "a.xlsx")
    plan = city_answers.plan_answers(store, tmp_path / "a.xlsx")
    assert [(one.match, one.row.code, one.row.city_number) for one in plan.rows] == [
        (Match.ACCEPTED, codes[0], "BJ1"), (Match.REJECTED, codes[1], ""), (Match.ACCEPTED, codes[2], "BJ3"),
    ]  # fmt: skip
    assert city_answers.plan_answers(
        store, answer_file(tmp_path / "b.csv", [(f'="{codes[0]}"', "通过", "", "BJ1")])
    ).count(Match.ACCEPTED)  # fmt: skip
