"""The hour-by-hour work at the survey page: walking order, taking over, problems seen, re-inspection, recovery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from barrierfree.coordinates import position
from barrierfree.gui.context import Survey
from barrierfree.gui.here_dialog import HereDialog
from barrierfree.gui.submit_dialog import SubmitDialog
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.model.records import NewSite, NewVisit, ReportedProblem, StepRequest
from barrierfree.model.words import FindingState, Outcome, Problem
from barrierfree.operations import visits
from barrierfree.operations.surveys import definition_named
from barrierfree.store import FindingFilter, SiteFilter, Store
from tests.builders import Clock
from tests.gui.pages import Desk, desk_of

Key = Qt.Key
NAMES = ("甲店（示例）", "乙店（示例）", "丙店（示例）")


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """Three shops in a row from west to east, coded from east to west, and one without a position."""
    path = tmp_path / "普查.gpkg"
    definition = definition_named("shuangjing-sample")
    with Store.new(path, definition, device="device-a", clock=clock) as store:
        made = [
            NewSite(key=name, name=name, community="富力", site_class="storefront",
                    position=position(116.46 + 0.001 * at, 39.89, "wgs84"))
            for at, name in enumerate(NAMES)
        ]  # fmt: skip
        made.reverse()
        made.append(NewSite(key="x", name="丁店（示例）", community="富力", site_class="storefront"))
        store.add_sites(made, person="anna")
        for person in ("anna", "ben", "staff"):
            store.name_person(person, person)
    known = Survey(path=path, title="普查", sample=True, main_file=True, definition=definition)
    yield from desk_of(qtbot, qapp, tmp_path, clock, known, person="anna")


def shown(page: SurveyPage) -> list[str]:
    return [s.name for s in page.sites._model.sites]


def go(desk: Desk, page: SurveyPage, name: str, element: str) -> None:
    page.open_site(desk.site(name))
    desk.settle()
    assert page._work is not None
    page.tabs.setCurrentIndex([c.element for c in page._work.checkpoints].index(element))
    desk.settle()


def record(desk: Desk, name: str, element: str, raw: dict[str, Any], person: str = "anna") -> str:
    """A visit made elsewhere; its id."""

    def job(store: Any) -> str:
        site = store.site(desk.site(name))
        definition = store.definition()
        found = visits.element_named(definition, element)
        ready = visits.ready_inspection(definition, site, found, visits.read_answers(found, raw))
        return str(visits.submit(store, site, [ready], person=person).visit)

    return desk.do(job)


def dialog_of(desk: Desk, kind: type[QDialog]) -> Any:
    desk.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def press(desk: Desk, widget: QWidget | None, key: Qt.Key) -> None:
    assert widget is not None
    desk.press(widget, key)


def test_walking_order_starts_where_the_last_visit_was(desk: Desk) -> None:
    record(desk, NAMES[0], "door", {"present": "yes"})
    page = desk.show(SurveyPage(desk.context))
    assert shown(page) == [*NAMES, "丁店（示例）"]
    distances = [page.sites._model.distance(s) for s in page.sites._model.sites]
    assert distances == ["0 m", "86 m", "171 m", ""]
    assert NAMES[0] in page.sites.walk.text()
    page.open_site(desk.site(NAMES[2]))
    desk.settle()
    page.sites.walk.at_site.trigger()
    desk.settle()
    assert shown(page)[:3] == list(reversed(NAMES))
    page.sites.walk.by_list.trigger()
    desk.settle()
    assert shown(page) == [s.name for s in desk.ask(lambda store: store.sites())]
    again = desk.show(SurveyPage(desk.context))  # the choice is remembered
    assert again.sites.walk.here is None


def test_standing_at_typed_coordinates_in_their_datum(desk: Desk) -> None:
    page = desk.show(SurveyPage(desk.context))
    assert page.sites.walk.here is None  # nobody has been anywhere yet
    page.sites.walk.typed.trigger()
    dialog = dialog_of(desk, HereDialog)
    QTest.keyClicks(dialog.fields_of_place.place, "116.46 abc")
    desk.press(dialog.fields_of_place.place, Key.Key_Return, control=True)
    assert "看不懂位置" in dialog.fault.text()
    dialog.fields_of_place.place.clear()
    QTest.keyClicks(dialog.fields_of_place.place, "116.4682, 39.8914")  # 丙店 as GCJ-02 maps show it
    assert dialog.fields_of_place.datum.currentText() == "GCJ-02（高德、腾讯）"  # nothing to be chosen for most
    desk.press(dialog.fields_of_place.place, Key.Key_Return)
    assert shown(page)[0] == NAMES[2]
    assert page.sites._model.far[page.sites._model.sites[0].id] < 30


def test_after_submitting_the_next_site_is_the_nearest_left(desk: Desk) -> None:
    record(desk, NAMES[1], "door", {"present": "yes"}, person="ben")
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "door")
    page.form.go_to("present")
    press(desk, QApplication.focusWidget(), Key.Key_1)
    page.submit()
    dialog = dialog_of(desk, SubmitDialog)
    desk.press(dialog.confirm, Key.Key_Return)
    assert page.sites.walk.here is not None
    assert page.sites.walk.here.name == NAMES[0]
    assert page.messages._action is not None
    desk.click(page.messages._action)
    assert page._work is not None
    assert page._work.site.name == NAMES[2]  # 乙店 is nearer, but ben has been there


def test_only_descriptions_are_taken_over_and_marked(desk: Desk) -> None:
    said = {"present": "yes", "slope": "1:10", "clear_width": "1.3", "material": "stone", "plan_form": "straight"}
    definition = desk.context.survey.definition
    ramp = visits.element_named(definition, "wheelchair_ramp")
    said["material"], said["plan_form"] = (ramp.question(q).choices[0].name for q in ("material", "plan_form"))  # type: ignore[union-attr]
    record(desk, NAMES[0], "wheelchair_ramp", said)
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[1], "wheelchair_ramp")
    assert page._repeat.isVisible()
    page.form.go_to("present")
    press(desk, QApplication.focusWidget(), Key.Key_1)
    desk.click(page._repeat)
    assert page.form.raw_answers() == {"present": "yes", "material": said["material"], "plan_form": said["plan_form"]}
    assert f"沿用自“{NAMES[0]}”" in str(page.form._fields["material"]._verdicts)
    assert not page._repeat.isVisible()
    other = ramp.question("plan_form").choices[1].name  # type: ignore[union-attr]
    page.form.go_to("plan_form")
    press(desk, QApplication.focusWidget(), Key.Key_2)
    assert page.form.raw_answers()["plan_form"] == other
    assert "沿用" not in str(page.form._fields["plan_form"]._verdicts)
    page.drafts.save()
    go(desk, page, NAMES[2], "door")
    go(desk, page, NAMES[1], "wheelchair_ramp")  # the mark is kept with the draft
    assert "沿用" in str(page.form._fields["material"]._verdicts)
    record(desk, NAMES[2], "wheelchair_ramp", said | {"material": ramp.question("material").choices[1].name})  # type: ignore[union-attr]
    go(desk, page, NAMES[2], "door")
    go(desk, page, NAMES[1], "wheelchair_ramp")
    width = page.form._fields["clear_width"].line
    assert width is not None
    QTest.keyClicks(width, "1.4")  # other answers leave the mark, whatever was said since
    assert "沿用" in str(page.form._fields["material"]._verdicts)
    page.submit()
    desk.press(dialog_of(desk, SubmitDialog).confirm, Key.Key_Return)
    (made,) = desk.ask(lambda store: store.inspections(site=desk.site(NAMES[1])))
    assert made.taken_over == ("material",)
    assert made.answers["plan_form"] == other


def test_a_second_element_of_a_site_takes_over_from_the_first(desk: Desk) -> None:
    site = desk.site(NAMES[0])
    desk.do(lambda store: store.add_checkpoint(site, "door", person="anna"))
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "door")
    page.form.go_to("kind")
    press(desk, QApplication.focusWidget(), Key.Key_2)
    kind = page.form.raw_answers()["kind"]
    assert page._work is not None
    at = [(c.element, c.number) for c in page._work.checkpoints].index(("door", 2))
    page.tabs.setCurrentIndex(at)
    desk.settle()
    desk.click(page._repeat)
    assert page.form.raw_answers() == {"kind": kind}
    assert "沿用自“门”" in str(page.form._fields["kind"]._verdicts)


def test_problems_seen_become_findings_with_severity_and_note(desk: Desk) -> None:
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "wheelchair_ramp")
    page.form.go_to("present")
    press(desk, QApplication.focusWidget(), Key.Key_1)
    page.form.go_to("clear_width")
    field = page.form._fields["clear_width"].findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "0.95")
    assert page._seen is not None
    press(desk, page._seen.open, Key.Key_Space)
    press(desk, QApplication.focusWidget(), Key.Key_5)  # 占用
    row = next(r for p, r in page._seen._rows.items() if p == "occupied")
    assert row.isVisible()
    row.severity.setFocus()
    press(desk, QApplication.focusWidget(), Key.Key_1)
    row.note.setFocus()
    QTest.keyClicks(row.note, "e-bikes")
    ready = page.ready()
    assert [(p.problem, p.severity, p.seen) for p in ready.proposed] == [
        ("non_compliant", "high", False), ("occupied", "high", True),
    ]  # fmt: skip
    page.submit()
    dialog = dialog_of(desk, SubmitDialog)
    (_, _, severity), _ = dialog._boxes
    press(desk, severity.focusProxy(), Key.Key_3)
    desk.press(dialog.confirm, Key.Key_Return)
    found = {f.problem: f for f in desk.ask(lambda store: store.findings(FindingFilter(site=desk.site(NAMES[0]))))}
    assert (found["non_compliant"].severity, found["occupied"].severity) == ("low", "high")  # type: ignore[index]
    assert (found["occupied"].note, found["occupied"].rules) == ("e-bikes", ())  # type: ignore[index]


def test_reinspection_asks_everything_and_whether_it_is_gone(desk: Desk) -> None:
    site = desk.site(NAMES[0])

    def claimed(store: Any) -> None:
        definition = store.definition()
        door = visits.element_named(definition, "door")
        ready = visits.ready_inspection(
            definition, store.site(site), door, {"present": "yes"},
            seen=[ReportedProblem(problem=Problem.DAMAGED, note="门把手松了")],
        )  # fmt: skip
        made = store.submit_visit(NewVisit(site=site, outcome=Outcome.DONE, inspections=(ready,)), person="ben")
        store.review_visit(made.visit, accept=True, person="staff")
        (finding,) = made.findings
        store.record_step(
            finding, StepRequest(to=FindingState.IN_PROGRESS, unit="物业", deadline="2026-12-01"), person="staff"
        )
        photo = store.photos()[0].sha256 if store.photos() else "0" * 64
        store.record_step(
            finding, StepRequest(to=FindingState.CLAIMED, measure="换了把手", photos=(photo,)), person="staff"
        )

    desk.do(claimed)
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "wheelchair_ramp")
    assert page._gone is None
    assert page.form.hidden_count() >= 0
    assert not page._shows_all(page._work.checkpoints[page._at])  # type: ignore[union-attr]
    go(desk, page, NAMES[0], "door")
    assert page._gone is not None
    assert page.form._full
    page._gone.choice.setFocus()
    press(desk, QApplication.focusWidget(), Key.Key_1)
    page.form.go_to("present")
    press(desk, QApplication.focusWidget(), Key.Key_1)
    page.submit()
    desk.press(dialog_of(desk, SubmitDialog).confirm, Key.Key_Return)
    visit = desk.ask(lambda store: store.visits(site=site)[0])
    (again,) = desk.ask(lambda store: store.inspections(visit=visit.id))
    (finding,) = desk.ask(lambda store: store.findings(FindingFilter(site=site)))
    assert again.gone == (finding.id,)
    desk.do(lambda store: store.review_visit(visit.id, accept=True, person="staff"))
    refused = desk.ask(
        lambda store: store.refusal(
            finding.id, StepRequest(to=FindingState.RECTIFIED, inspection=again.id), person="staff"
        )
    )
    assert refused is None


def test_reinspection_says_what_is_to_be_measured_again(desk: Desk) -> None:
    record(desk, NAMES[0], "wheelchair_ramp", {"present": "yes", "clear_width": "0.95"}, person="ben")

    def claimed(store: Any) -> None:
        (visit,) = store.visits()
        store.review_visit(visit.id, accept=True, person="staff")
        (finding,) = store.findings(FindingFilter(site=visit.site))
        store.record_step(
            finding.id, StepRequest(to=FindingState.IN_PROGRESS, unit="物业", deadline="2026-12-01"), person="staff"
        )
        store.record_step(
            finding.id, StepRequest(to=FindingState.CLAIMED, measure="加宽", photos=("0" * 64,)), person="staff"
        )

    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "wheelchair_ramp")
    assert "待验收" not in page._state.text()
    desk.do(claimed)
    go(desk, page, NAMES[0], "wheelchair_ramp")
    first = page._state.text().splitlines()[0]
    assert first == "待验收，请重新量：尺寸不达标（净宽）。"
    page.form.go_to("present")
    press(desk, QApplication.focusWidget(), Key.Key_1)
    assert page._state.text().splitlines()[0] == first
    go(desk, page, NAMES[0], "door")
    assert "待验收" not in page._state.text()


def test_an_unusual_value_asks_while_one_types(desk: Desk) -> None:
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "wheelchair_ramp")
    page.form.go_to("present")
    press(desk, QApplication.focusWidget(), Key.Key_1)
    page.form.go_to("clear_width")
    field = page.form._fields["clear_width"].findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "8")
    assert ("question", "8.00 m 不常见，请再看一眼。") in page.form._fields["clear_width"]._verdicts
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClicks(field, "-1")  # what cannot be is refused, and not judged
    assert [key for key, _ in page.form._fields["clear_width"]._verdicts] == ["open"]
    assert [v.kind for v in page.form.verdicts if v.rule == "WR-05"] == ["cannot_tell"]


def test_nearest_first_in_parts(desk: Desk) -> None:
    wanted = SiteFilter(near=(116.4621, 39.89))

    def parts(store: Any) -> list[Any]:
        return [store.find_sites(wanted, 3), store.find_sites(wanted, 3, 3)]

    first, rest = desk.ask(parts)
    assert [s.name for s in first.sites] == list(reversed(NAMES))
    assert [s.name for s in rest.sites] == ["丁店（示例）"]
    assert (first.total, rest.total) == (4, 4)


class _Windows(QObject):
    """Which widgets come up as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def test_nothing_flashes_up_while_one_goes_through_the_form(desk: Desk, qapp: QApplication) -> None:
    page = desk.show(SurveyPage(desk.context))
    windows = _Windows()
    qapp.installEventFilter(windows)
    go(desk, page, NAMES[0], "wheelchair_ramp")
    for _ in range(3):
        page.next_checkpoint()
        page.toggle_full()
        desk.settle()
    assert page._seen is not None
    desk.click(page._seen.open)
    qapp.removeEventFilter(windows)
    assert windows.shown == []
