"""Decides whether a measurement meets a rule, and says why."""

from barrierfree.conformance.form_logic import FormState, follow
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
    "FormState",
    "bare_limit",
    "explain",
    "follow",
    "judge",
    "limit_text",
    "measure_text",
    "parse_length",
    "parse_number",
    "parse_slope",
    "problems",
    "slope_text",
]
