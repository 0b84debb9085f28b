"""What a report is made of."""

from __future__ import annotations

from barrierfree.model.definition import Model

Value = str | float | int | None


class Section(Model):
    """A table with its title, and ``rule``: how its figures were counted, in a sentence."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    rule: str = ""


class Report(Model):
    """A report on a survey as of a date (ISO); ``sample`` marks invented data."""

    kind: str
    title: str
    survey: str
    as_of: str
    sample: bool
    sections: tuple[Section, ...]
