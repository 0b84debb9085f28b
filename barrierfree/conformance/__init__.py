"""Decides whether a measurement meets a rule, and says why."""

from barrierfree.conformance.form_logic import FormState, follow
from barrierfree.conformance.groups import EVERYBODY, GROUPS, Tally, group_name, tallies, tally_text
from barrierfree.conformance.judging import judge, problems
from barrierfree.conformance.measures import (
    measure_text,
    parse_length,
    parse_number,
    parse_slope,
    slope_text,
)
from barrierfree.conformance.wording import bare_limit, explain, limit_text

__all__ = [
    "EVERYBODY",
    "GROUPS",
    "FormState",
    "Tally",
    "bare_limit",
    "explain",
    "follow",
    "group_name",
    "judge",
    "limit_text",
    "measure_text",
    "parse_length",
    "parse_number",
    "parse_slope",
    "problems",
    "slope_text",
    "tallies",
    "tally_text",
]
