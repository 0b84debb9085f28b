"""What a survey asks and by which limits it judges: area, classes, checklist, rules. Copied into every survey."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from barrierfree.model.words import Force, Problem, SourceMark


class Model(BaseModel):
    """A frozen value; unknown fields are refused so that a typing error never passes silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def unchecked(cls, values: dict[str, Any]) -> Self:
        """A record of ``values``, which name every field and are of its type: what our own tables hold.

        As ``model_construct``, which takes four times as long because it looks at every field; a ledger holds 60,000.
        """
        made = cls.__new__(cls)
        for name, value in (
            ("__dict__", values), ("__pydantic_fields_set__", cls.__pydantic_fields__.keys()),
            ("__pydantic_extra__", None), ("__pydantic_private__", None),
        ):  # fmt: skip
            object.__setattr__(made, name, value)
        return made


class Text(Model):
    """A text in both languages of the interface; English falls back to Chinese."""

    zh: str
    en: str = ""

    def in_language(self, language: str) -> str:
        """The text in ``language`` (``zh_CN`` or ``en``)."""
        return self.en or self.zh if language == "en" else self.zh


class Choice(Model):
    """One answer of a choice question; ``columns`` are the columns of its own that a ``choice_filter`` looks at."""

    name: str
    label: Text
    columns: dict[str, str] = Field(default_factory=dict)


class Question(Model):
    """One question of an element's form.

    ``kind`` is the XLSForm type (text, integer, decimal, select_one, select_multiple, date, time, note, calculate,
    acknowledge, image, geopoint …). ``quantity`` is empty or names what is measured: ``length_mm``, ``length_m``,
    ``slope`` (answered by a ``Slope``), ``force_n``, ``count``, ``seconds``, ``area_m2``; ``unit`` is what stands
    behind the field. ``relevant``, ``constraint``, ``calculation``, ``required_when`` are XLSForm expressions ('' if
    none), and so is ``choice_filter``, in which bare words are the choice's own columns. ``parameters`` are those of a
    ``range``.
    ``descriptive`` answers (material, form) may be taken over from the last element of the same type.
    ``resolution`` is the smallest difference the instrument tells apart, in the question's unit.
    """

    name: str
    kind: str
    label: Text
    hint: Text = Text(zh="")
    quantity: str = ""
    unit: str = ""
    resolution: float = 0.0
    choices: tuple[Choice, ...] = ()
    required: bool = False
    required_when: str = ""
    relevant: str = ""
    constraint: str = ""
    constraint_message: Text = Text(zh="")
    calculation: str = ""
    choice_filter: str = ""
    parameters: str = ""
    default: str = ""
    core: bool = False
    descriptive: bool = False
    soft_min: float | None = None
    soft_max: float | None = None


class Rule(Model):
    """One limit with its clause.

    ``comparison``: ``>=`` ``<=`` ``=`` (number; ``between`` uses ``value`` and ``upper``), ``is`` / ``is_not``
    (a choice name in ``choice``), ``has`` (a select_multiple contains it) / ``has_not``. ``value`` is in the
    question's unit (slope: rise/run).
    ``applies_when`` is an XLSForm expression over the element's answers, '' for always; when an answer it needs is
    missing the verdict is "cannot tell". ``exception_when`` names the case in which an *unverified* exception of
    the clause may apply: then a missed limit gives "check the standard" instead of "not met".
    ``scope``: ``any``, ``new`` (new build, extension) or ``existing`` (alteration of an existing building).
    ``concerns``: wheelchair, walking_aid, blind, low_vision, deaf.
    """

    id: str
    element: str
    question: str
    comparison: str
    value: float | None = None
    upper: float | None = None
    choice: str = ""
    applies_when: str = ""
    exception_when: str = ""
    scope: str = "any"
    concerns: tuple[str, ...] = ()
    problem: Problem = Problem.NON_COMPLIANT
    label: Text
    clause: str
    edition: str
    force: Force
    mark: SourceMark
    note: Text = Text(zh="")


WHOLE_SITE = "whole_site"  # the only element type of a checklist that asks about a site as a whole


class ElementType(Model):
    """A kind of facility element and the questions asked about it, in form order."""

    code: str
    label: Text
    questions: tuple[Question, ...]

    def question(self, name: str) -> Question | None:
        """The question called ``name``."""
        return next((q for q in self.questions if q.name == name), None)


class Checklist(Model):
    """An edition of a checklist: element types with their questions, and the rules they are judged by."""

    title: Text
    version: str
    elements: tuple[ElementType, ...]
    rules: tuple[Rule, ...]

    def element(self, code: str) -> ElementType | None:
        """The element type with ``code``."""
        return next((e for e in self.elements if e.code == code), None)

    def rules_for(self, element: str) -> tuple[Rule, ...]:
        """The rules of one element type, in order."""
        return tuple(r for r in self.rules if r.element == element)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with ``rule_id``."""
        return self._by_id.get(rule_id)

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        """The rules by id: a batch of 60,000 rows asks for as many."""
        return {rule.id: rule for rule in reversed(self.rules)}


class SiteClass(Model):
    """A place class: its two letters in the point code and the element types that must be inspected there.

    ``words`` are words of a facility list's own categories or names that mean this class. ``new_build`` says that
    limits for new buildings apply instead of those for existing ones.
    """

    code: str
    letters: str
    label: Text
    elements: tuple[str, ...]
    key_area: str = "公共服务场所"
    words: tuple[str, ...] = ()
    new_build: bool = False


class Community(Model):
    """A community of the sub-district: the name is the key, the codes are data."""

    name: str
    code: str
    older_code: str = ""


class Area(Model):
    """The area of a survey: division codes and names, communities, and its outline in WGS-84.

    ``outline`` is a GeoJSON geometry (Polygon or MultiPolygon, lon lat) or empty.
    """

    code: str
    city: str
    district: str
    street: str
    communities: tuple[Community, ...]
    outline: dict[str, Any] = Field(default_factory=dict)
    outline_note: Text = Text(zh="")


class Definition(Model):
    """All that defines a survey. ``sample`` marks a survey whose records are invented (示例).

    ``profile`` is the city profile (TOML text), ``template`` the workbook it fills (base64 of the xlsx),
    ``generator`` the settings of the sample generator (empty where there is none).
    """

    name: str
    title: Text
    sample: bool = False
    area: Area
    classes: tuple[SiteClass, ...]
    checklist: Checklist
    profile: str = ""
    template: str = ""
    generator: dict[str, Any] = Field(default_factory=dict)

    def site_class(self, code: str) -> SiteClass | None:
        """The class with ``code``."""
        return next((c for c in self.classes if c.code == code), None)
