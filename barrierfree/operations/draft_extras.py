"""What a draft holds beside the answers to questions: problems seen, whether one is gone, what was taken over.

A draft keeps one flat mapping, so these stand in it under names that no XLSForm question can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import Field, TypeAdapter, ValidationError

from barrierfree.model.definition import Model
from barrierfree.model.records import ReportedProblem

_GONE: Final = "_gone"
_SEEN: Final = "_problems"
_TAKEN_OVER: Final = "_taken_over"
_NAMES: Final = (_GONE, _SEEN, _TAKEN_OVER)
_PROBLEMS: Final = TypeAdapter(tuple[ReportedProblem, ...])


class Extras(Model):
    """What a person says of a checkpoint beside its questions.

    ``gone``: ``yes`` or ``no`` to "is the problem gone?" at the re-inspection of findings without a rule, '' while
    not asked or not answered. ``seen``: problems that no limit tells (damaged, occupied …). ``taken_over``: questions
    whose answers were taken over from another element; the name of its site by question.
    """

    gone: str = ""
    seen: tuple[ReportedProblem, ...] = ()
    taken_over: dict[str, str] = Field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Whether there is anything to record even without an answer."""
        return bool(self.gone or self.seen)


def answers_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to questions in what a draft holds."""
    return {name: value for name, value in raw.items() if name not in _NAMES}


def extras_of(raw: Mapping[str, Any]) -> Extras:
    """The rest of what a draft holds; what cannot be read counts as not said."""
    try:
        seen = _PROBLEMS.validate_python(raw.get(_SEEN, ()))
    except ValidationError:
        seen = ()
    taken = raw.get(_TAKEN_OVER)
    return Extras(
        gone=raw[_GONE] if raw.get(_GONE) in ("yes", "no") else "",
        seen=seen,
        taken_over={str(k): str(v) for k, v in taken.items()} if isinstance(taken, dict) else {},
    )


def with_extras(answers: Mapping[str, Any], extras: Extras) -> dict[str, Any]:
    """What a draft keeps of both; what is not said is left out."""
    kept = dict(answers)
    if extras.gone:
        kept[_GONE] = extras.gone
    if extras.seen:
        kept[_SEEN] = [problem.model_dump(mode="json") for problem in extras.seen]
    taken = {name: site for name, site in extras.taken_over.items() if name in answers}
    if taken:
        kept[_TAKEN_OVER] = taken
    return kept


def joined_problems(
    proposed: Iterable[ReportedProblem], seen: Iterable[ReportedProblem], severities: Mapping[str, str]
) -> tuple[ReportedProblem, ...]:
    """Problems from verdicts and problems seen, one for each problem word; ``severities`` by word decide over both."""
    found = {problem.problem: problem for problem in proposed}
    for problem in seen:
        held = found.get(problem.problem)
        found[problem.problem] = (
            problem
            if held is None
            else held.model_copy(update={"severity": problem.severity or held.severity, "note": problem.note})
        )
    return tuple(
        p.model_copy(update={"severity": severities[p.problem]}) if p.problem in severities else p
        for p in found.values()
    )
