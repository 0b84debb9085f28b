"""What phones collected, there and back: our form, ODK- and Kobo-shaped exports of it, the same records as typed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from barrierfree.cli import main
from barrierfree.errors import SubmissionError
from barrierfree.model.definition import WHOLE_SITE, Checklist, ElementType, Question, Text
from barrierfree.model.words import VisitState
from barrierfree.operations import surveys, visits
from barrierfree.operations.forms import export_form
from barrierfree.operations.take_submissions import take_submissions
from barrierfree.store import Store
from tests.builders import Clock, new_site
from tests.operations.phone_exports import Filled, kobo_xlsx, odk_zip

RAMP = {"present": "yes", "slope": "1:14", "rise": 140, "clear_width": 0.95, "landing_length": 1.5}
RAMP_2 = RAMP | {"clear_width": 1.3}
ENTRANCE: dict[str, Any] = {"present": "no", "step_height": 150}
IDS = ("0b7f3a10-1111-4222-8333-444455556666", "9c7f3a10-1111-4222-8333-444455556666")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    yield from _survey(tmp_path / "s.gpkg")


def _survey(path: Path, device: str = "laptop", main_file: bool = True) -> Iterator[Store]:
    definition = surveys.definition_named("shuangjing-sample")
    with Store.new(path, definition, device=device, clock=Clock(), main_file=main_file) as made:
        made.add_sites([new_site("a", "甲店"), new_site("b", "乙店")], person="p")
        yield made


def _filled(store: Store) -> list[Filled]:
    codes = [s.code or s.id for s in store.sites()]
    return [
        {
            "id": IDS[0], "site_code": codes[0], "outcome": "done", "enumerator": "王芳",
            "start": "2026-03-01T09:30:00.000+08:00", "end": "2026-03-01T09:41:12.345+08:00",
            "parts": [("wheelchair_ramp", RAMP), ("wheelchair_ramp", RAMP_2), ("accessible_entrance", ENTRANCE)],
        },
        {
            "id": IDS[1], "site_code": codes[1], "outcome": "closed", "reason": "装修", "enumerator": "李强",
            "end": "2026-03-01T10:05:00.000+08:00", "parts": [],
        },
    ]  # fmt: skip


def _export(kind: str, store: Store, folder: Path, filled: list[Filled]) -> Path:
    form = Path(export_form(store, folder / "form").checklist)
    return odk_zip(folder / "o.zip", form, filled) if kind == "odk" else kobo_xlsx(folder / "k.xlsx", form, filled)


def _facts(store: Store) -> list[Any]:
    return [f.row() for f in store.facts()]


@pytest.mark.parametrize("kind", ["odk", "kobo"])
def test_the_same_as_typing_it_in(store: Store, tmp_path: Path, kind: str) -> None:
    source = _export(kind, store, tmp_path, _filled(store))
    dry = take_submissions(store, source, dry_run=True)
    assert (dry.visits, dry.inspections, store.visits()) == (2, 3, [])
    done = take_submissions(store, source)
    assert done.faults == ()
    assert (done.visits, done.inspections, done.known, done.findings) == (2, 3, 0, dry.findings)
    assert done.findings > 0
    first, second = sorted(store.visits(), key=lambda v: v.person_name, reverse=True)
    assert (first.person_name, first.outcome, first.inspections) == ("王芳", "done", 3)
    assert (second.person_name, second.outcome, second.reason) == ("李强", "closed", "装修")
    assert store.check() == []
    definition, site = store.definition(), store.site(first.site)
    found = {(i.element, i.number): i for i in store.inspections(visit=first.id)}
    for element, number, raw in (
        ("wheelchair_ramp", 1, RAMP), ("wheelchair_ramp", 2, RAMP_2), ("accessible_entrance", 1, ENTRANCE),
    ):  # fmt: skip
        known = visits.element_named(definition, element)
        typed = visits.ready_inspection(definition, site, known, visits.read_answers(known, raw), number=number)
        got = found[(element, number)]
        assert (got.answers, got.verdicts, got.problems) == (typed.answers, typed.verdicts, typed.problems)
        assert got.recorded_at.startswith("2026-03-01T09:41")
    numbers = [c.number for c in store.checkpoints(first.site) if c.element == "wheelchair_ramp"]
    assert numbers == [1, 2], "a ramp that nobody knew of has a checkpoint now"
    before = _facts(store)
    again = take_submissions(store, source)
    assert (again.visits, again.inspections, again.known) == (0, 0, 2)
    assert _facts(store) == before
    store.review_visit(first.id, accept=True, person="q")
    assert take_submissions(store, source).known == 2


def test_two_laptops_make_the_same_facts(tmp_path: Path) -> None:
    rows = []
    for number, device in enumerate(("laptop-a", "laptop-b")):
        for store in _survey(tmp_path / f"{device}.gpkg", device, main_file=True):
            source = _export("odk", store, tmp_path / device, _filled(store))
            take_submissions(store, source)
            facts = {f.id: f.row() for f in store.facts() if f.kind in ("visit", "inspection", "finding")}
            rows.append(facts)
            assert len(facts) > 4, number
    assert rows[0] == rows[1]


def test_pictures_come_along_and_missing_ones_are_named(store: Store, tmp_path: Path, shared: Path) -> None:
    photo = (shared / "photos" / "gps_DSCN0010.jpg").read_bytes()
    filled = _filled(store)
    filled[0]["parts"][0] = ("wheelchair_ramp", RAMP | {"photo_1": "171.jpg", "photo_2": "172.jpg", "photo_3": "x.jpg"})
    form = Path(export_form(store, tmp_path / "form").checklist)
    source = odk_zip(tmp_path / "o.zip", form, filled, {"171.jpg": photo, "x.jpg": b"no picture"})
    dry = take_submissions(store, source, dry_run=True)
    assert (dry.photos, dry.photos_to_follow) == (2, ("172.jpg",))
    assert not list(store.photos_folder.glob("*"))
    done = take_submissions(store, source)
    assert (done.photos, done.photos_to_follow) == (1, ("172.jpg",))
    assert any("x.jpg" in f.reason and not f.left_out for f in done.faults)
    (ramp,) = [i for i in store.inspections() if i.element == "wheelchair_ramp" and i.number == 1]
    (kept,) = ramp.photos
    found = store.photo(kept)
    assert found is not None
    assert found.name == "171.jpg"
    assert store.photo_path(kept, found.suffix).is_file()


def test_pictures_that_arrive_later_join_their_inspection(tmp_path: Path, shared: Path) -> None:
    """A first export with one of two pictures, a later one with both: once, alike on every computer, in any order."""
    pictures = {"171.jpg": "gps_DSCN0010.jpg", "172.jpg": "gps_DSCN0025.jpg"}
    content = {name: (shared / "photos" / file).read_bytes() for name, file in pictures.items()}
    facts = []
    for device, exports in (("a", ({"171.jpg"}, set(content))), ("b", (set(content),)), ("c", (set(), set(content)))):
        for store in _survey(tmp_path / f"{device}.gpkg", device, main_file=True):
            filled = _filled(store)
            filled[0]["parts"][0] = ("wheelchair_ramp", RAMP | {"photo_1": "171.jpg", "photo_2": "172.jpg"})
            form = Path(export_form(store, tmp_path / "form").checklist)
            for number, names in enumerate(exports):
                file = tmp_path / f"{device}{number}.zip"
                source = odk_zip(file, form, filled, {name: content[name] for name in names})
                done = take_submissions(store, source)
            assert done.photos_to_follow == ()
            assert done.photos == 2 - (len(exports[0]) if len(exports) > 1 else 0)
            before = store.facts()
            again = take_submissions(store, source)
            assert (again.photos, again.visits, again.rows) == (0, 0, ())
            assert store.facts() == before
            (ramp,) = [i for i in store.inspections() if i.element == "wheelchair_ramp" and i.number == 1]
            assert len(ramp.photos) == 2
            (finding,) = [f for f in store.findings() if f.checkpoint == ramp.checkpoint]
            assert set(finding.photos_before) == set(ramp.photos)
            assert store.check() == []
            facts.append({f.id: (f.subject, f.payload) for f in before if f.kind in ("visit", "inspection", "photos")})
    assert facts[0] == facts[1] == facts[2]


def test_pictures_from_a_folder(store: Store, tmp_path: Path, shared: Path) -> None:
    media = tmp_path / "media" / "account" / "attachments"
    media.mkdir(parents=True)
    (media / "171.JPG").write_bytes((shared / "photos" / "gps_DSCN0010.jpg").read_bytes())
    filled = _filled(store)
    filled[0]["parts"][0] = ("wheelchair_ramp", RAMP | {"photo_1": "171.jpg"})
    source = _export("kobo", store, tmp_path, filled)
    done = take_submissions(store, source, media=tmp_path / "media")
    assert (done.photos, done.photos_to_follow) == (1, ())


def test_what_cannot_be_taken_is_listed_and_the_rest_comes(store: Store, tmp_path: Path) -> None:
    good = _filled(store)
    filled = [
        *good,
        {"id": "x1", "site_code": "nowhere", "outcome": "done", "enumerator": "甲", "parts": [("door", {})]},
        {"id": "x2", "site_code": good[0]["site_code"], "outcome": "flying", "enumerator": "甲", "parts": []},
        {"id": "x3", "site_code": good[0]["site_code"], "outcome": "closed", "enumerator": "甲", "parts": []},
        {"id": "x4", "site_code": good[0]["site_code"], "outcome": "done", "parts": [("wheelchair_ramp", RAMP)]},
        {"id": "x5", "site_code": good[0]["site_code"], "outcome": "done", "enumerator": "甲", "parts": [
            ("wheelchair_ramp", RAMP | {"clear_width": "broad"}), ("accessible_entrance", ENTRANCE),
        ]},
        {"id": "x6", "site_code": good[0]["site_code"], "outcome": "done", "enumerator": "甲",
         "ReviewState": "rejected", "parts": []},
        {"id": "x7", "site_code": good[0]["site_code"], "outcome": "done", "enumerator": "甲",
         "parts": [("wheelchair_ramp", {"clear_width": 1.2})]},
        {"id": IDS[0], "site_code": good[0]["site_code"], "outcome": "done", "enumerator": "甲", "parts": []},
    ]  # fmt: skip
    source = _export("odk", store, tmp_path, filled)
    done = take_submissions(store, source)
    said = [(f.sheet, f.row, f.column, f.reason) for f in done.faults if f.left_out]
    for sheet, row, column, words in (
        ("checklist.csv", 4, "site_code", "nowhere"),
        ("checklist.csv", 5, "outcome", "flying"),
        ("checklist.csv", 6, "reason", "原因"),
        ("checklist-element_wheelchair_ramp.csv", 5, "clear_width", "broad"),
        ("checklist.csv", 9, "", "服务器上已被退回"),
        ("checklist-element_wheelchair_ramp.csv", 6, "", "必须填写"),
        ("checklist.csv", 11, "", "出现了两次"),
    ):  # fmt: skip
        assert any(s[:3] == (sheet, row, column) and words in s[3] for s in said), (sheet, row, said)
    assert all(f.file == "o.zip" for f in done.faults)
    assert done.visits == 4, "x4 by the account that sent it, x5 without its ramp"
    assert {v.person_name for v in store.visits()} == {"王芳", "李强", "甲", "account"}
    before = _facts(store)
    mended = filled[6]
    mended["parts"][0] = ("wheelchair_ramp", RAMP)
    again = take_submissions(store, _export("odk", store, tmp_path, filled))
    assert (again.visits, again.inspections) == (0, 1), "a row that was mended joins its visit"
    assert len(_facts(store)) > len(before)
    assert store.check() == []


def test_unknown_columns_are_named(store: Store, tmp_path: Path) -> None:
    source = _export("odk", store, tmp_path, _filled(store))
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, text.replace("wheelchair_ramp__rise", "wheelchair_ramp__raise"))
    done = take_submissions(store, other)
    assert {(f.sheet, f.row, f.column) for f in done.faults} == {
        ("checklist-element_wheelchair_ramp.csv", n, "wheelchair_ramp__raise") for n in (2, 3)
    }
    assert done.inspections == 3
    (ramp,) = [i for i in store.inspections() if i.element == "wheelchair_ramp" and i.number == 1]
    assert "rise" not in ramp.answers


def test_a_form_about_whole_sites(tmp_path: Path) -> None:
    definition = surveys.definition_named("shuangjing-sample")
    whole = ElementType(
        code=WHOLE_SITE, label=Text(zh="整个点位"),
        questions=(
            Question(name="start", kind="integer", label=Text(zh="台阶"), required=True),
            Question(name="where", kind="geopoint", label=Text(zh="位置")),
        ),
    )  # fmt: skip
    checklist = Checklist(title=Text(zh="整"), version="1", elements=(whole,), rules=())
    classes = tuple(c.model_copy(update={"elements": (WHOLE_SITE,)}) for c in definition.classes)
    changed = definition.model_copy(update={"checklist": checklist, "classes": classes})
    with Store.new(tmp_path / "s.gpkg", changed, device="d", clock=Clock()) as store:
        store.add_sites([new_site("a")], person="p")
        code = store.sites()[0].code
        filled = [{"id": "i1", "site_code": code, "outcome": "done", "enumerator": "甲", "parts": []}]
        source = _export("kobo", store, tmp_path, [{**filled[0], "start": "3"}])
        assert take_submissions(store, source).visits == 1
        (one,) = store.inspections()
        assert (one.element, one.number, one.answers) == (WHOLE_SITE, 1, {"start": 3})
        lines = "KEY,visit-site_code,visit-enumerator,whole_site__start,whole_site__where-Latitude"
        (tmp_path / "c.csv").write_text(
            f"{lines},whole_site__where-Longitude,other\nuuid:i2,{code},甲,4,39.89,116.46,7\n", encoding="utf-8"
        )
        done = take_submissions(store, tmp_path / "c.csv")
        assert [(f.column, f.left_out) for f in done.faults] == [("other", False)]
        found = next(i for i in store.inspections() if i.answers["start"] == 4)
        assert found.answers["where"] == "39.89 116.46"


def test_files_that_are_no_export(store: Store, tmp_path: Path, shared: Path) -> None:
    good = _export("odk", store, tmp_path, _filled(store)).read_bytes()
    kobo = _export("kobo", store, tmp_path, _filled(store)).read_bytes()
    bad = {
        "empty.zip": b"", "text.txt": b"hello", "cut.zip": good[: len(good) // 2], "cut.xlsx": kobo[:4000],
        "list.csv": "名称,地址\n甲,乙\n".encode(), "binary.csv": b"\0\1\2",
    }  # fmt: skip
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        if name == "list.csv":
            assert "提交编号" in take_submissions(store, tmp_path / name).faults[0].reason
            continue
        with pytest.raises(SubmissionError) as error:
            take_submissions(store, tmp_path / name)
        assert error.value.advice
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "0," * 40_000_000)
    with pytest.raises(SubmissionError, match="太大"):
        take_submissions(store, bomb)
    for absent in (tmp_path / "absent.zip", tmp_path):
        with pytest.raises(SubmissionError):
            take_submissions(store, absent)
    with pytest.raises(SubmissionError):
        take_submissions(store, shared / "workbooks" / "facilities_chinese_headers.xlsx")
    assert store.visits() == []


def test_nothing_half_is_stored(store: Store, tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = _filled(store)
    filled[0]["parts"][0] = ("wheelchair_ramp", RAMP | {"photo_1": "171.jpg"})
    form = Path(export_form(store, tmp_path / "form").checklist)
    photo = (shared / "photos" / "gps_DSCN0010.jpg").read_bytes()
    source = odk_zip(tmp_path / "o.zip", form, filled, {"171.jpg": photo})
    before = _facts(store)

    def full(*_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("barrierfree.store.derive.finish", full)
    with pytest.raises(RuntimeError):
        take_submissions(store, source)
    monkeypatch.undo()
    assert _facts(store) == before
    assert store.people() == []
    assert not list(store.photos_folder.glob("*"))
    assert take_submissions(store, source).visits == 2


def test_a_returned_ramp_is_answered_from_a_phone(store: Store, tmp_path: Path) -> None:
    filled = _filled(store)
    take_submissions(store, _export("odk", store, tmp_path, filled))
    visit = next(v for v in store.visits() if v.inspections)
    store.review_visit(visit.id, accept=False, person="q", reason="请重测")
    again = [{**filled[0], "id": "later", "end": "2026-03-01T15:00:00.000+08:00"}]
    take_submissions(store, _export("odk", store, tmp_path, again))
    newest = store.visits()[0]
    assert (newest.inspections, newest.state) == (3, VisitState.SUBMITTED)
    own = {i.id for i in store.inspections(visit=newest.id) if i.element == "wheelchair_ramp"}
    assert {c.pending for c in store.checkpoints(newest.site) if c.element == "wheelchair_ramp"} == own
    bases = [f.base[""] for f in store.facts() if f.id in own]
    assert all(store.inspection(b[0]).visit == visit.id for b in bases), "each answers the one that came back"
    assert store.check() == []


def test_command_line(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = _export("kobo", store, tmp_path, _filled(store))
    store.close()
    file = str(tmp_path / "s.gpkg")
    assert main(["form", file, "--out", str(tmp_path / "again"), "--json"]) == 0
    assert main(["submissions", file, str(source), "--dry-run"]) == 0
    assert main(["submissions", file, str(source), "--by", "丙", "--json"]) == 0
    assert main(["submissions", file, str(tmp_path / "absent.zip")]) == 1
    assert "visits" in capsys.readouterr().out
    with Store.open(Path(file), read_only=True) as again:
        assert len(again.visits()) == 2
