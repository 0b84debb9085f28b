"""Reads a survey definition (XLSForm and rules) and follows its forms."""

from typing import TYPE_CHECKING, Any

from barrierfree.checklists.element_form import (
    AnswerFault,
    calculated,
    check_answers,
    first_answers,
    fitting_choices,
    form_values,
    is_required,
    parse_answer,
    relevant_questions,
    shown_text,
)

if TYPE_CHECKING:
    from barrierfree.checklists.folder import read_definition
    from barrierfree.checklists.reading import checklist_hash, read_checklist
    from barrierfree.checklists.writing import FACILITIES, PHOTOS, form_sheets

__all__ = [
    "FACILITIES",
    "PHOTOS",
    "AnswerFault",
    "calculated",
    "check_answers",
    "checklist_hash",
    "first_answers",
    "fitting_choices",
    "form_sheets",
    "form_values",
    "is_required",
    "parse_answer",
    "read_checklist",
    "read_definition",
    "relevant_questions",
    "shown_text",
]


def __getattr__(name: str) -> Any:
    """Reading definitions is imported when it is asked for: a window that opens a survey does not need it."""
    if name == "read_definition":
        from barrierfree.checklists.folder import read_definition

        return read_definition
    if name in ("checklist_hash", "read_checklist"):
        from barrierfree.checklists import reading

        return getattr(reading, name)
    if name in ("FACILITIES", "PHOTOS", "form_sheets"):
        from barrierfree.checklists import writing

        return getattr(writing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
