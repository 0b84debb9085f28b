"""The form of one element: choices that narrow others, what only a phone fills in, defaults."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from barrierfree.gui.checklist_form import ChecklistForm
from barrierfree.model.definition import Checklist, Choice, ElementType, Question, Text

AREAS = tuple(Choice(name=n, label=Text(zh=n)) for n in ("east", "west"))
STREETS = tuple(
    Choice(name=n, label=Text(zh=n), columns={"district": d})
    for n, d in (("s1", "east"), ("s2", "east"), ("s3", "west"))
)
MANY = tuple(Choice(name=str(n), label=Text(zh=f"店{n}"), columns={"odd": str(n % 2)}) for n in range(100))


def _form(qtbot: QtBot, answers: dict[str, Any]) -> ChecklistForm:
    def asked(name: str, kind: str, **more: Any) -> Question:
        return Question(name=name, kind=kind, label=Text(zh=name), core=True, **more)

    element = ElementType(
        code="e", label=Text(zh="元素"),
        questions=(
            asked("area", "select_one", choices=AREAS),
            asked("street", "select_one", choices=STREETS, choice_filter="district = ${area}"),
            asked("shop", "select_one", choices=MANY, choice_filter="odd = '1'"),
            asked("said", "audio"),
            asked("picture", "image"),
            asked("count", "integer", default="2"),
        ),
    )  # fmt: skip
    form = ChecklistForm()
    qtbot.addWidget(form)
    checklist = Checklist(title=Text(zh="试"), version="1", elements=(element,), rules=())
    form.show_element(checklist, element, answers, lambda _: (), full=True, digit_keys=True)
    return form


def test_a_choice_narrows_the_next(qtbot: QtBot) -> None:
    form = _form(qtbot, {"area": "east", "street": "s2"})
    street = form._fields["street"]._choice
    area = form._fields["area"]
    assert street is not None
    assert [k for k, p in street._pills.items() if not p.isHidden()] == ["s1", "s2"]
    area._on_chosen("west")
    assert [k for k, p in street._pills.items() if not p.isHidden()] == ["s3"]
    assert street._pills["s3"].number == 1
    assert form.answers() == {"area": "west"}, "an answer that no longer fits is gone"
    assert street.value() == ""


def test_long_lists_are_typed_with_proposals(qtbot: QtBot) -> None:
    form = _form(qtbot, {"area": "east"})
    field = form._fields["shop"]
    assert field._line is not None
    completer = field._line.completer()
    assert completer is not None
    model = completer.model()
    assert model is not None
    assert model.rowCount() == 50
    field._on_typed("店7")
    assert field.answer == "7"
    field.set_answer("7")
    assert field._line.text() == "店7"


def test_what_a_phone_fills_in_is_shown_and_defaults_are_there(qtbot: QtBot) -> None:
    form = _form(qtbot, {})
    assert form.answers() == {"count": 2}
    assert form._fields["said"]._line is None
    assert "picture" not in form._fields, "pictures have a pane of their own"
