"""Reads a survey definition (XLSForm and rules) and follows its forms."""

from barrierfree.checklists.element_form import (
    AnswerFault,
    calculated,
    check_answers,
    parse_answer,
    relevant_questions,
)
from barrierfree.checklists.folder import read_definition
from barrierfree.checklists.reading import checklist_hash, read_checklist

__all__ = [
    "AnswerFault",
    "calculated",
    "check_answers",
    "checklist_hash",
    "parse_answer",
    "read_checklist",
    "read_definition",
    "relevant_questions",
]
