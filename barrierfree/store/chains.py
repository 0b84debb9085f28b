"""Which steps of a finding are in force: what was taken back, what contradicts, and what was decided between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from barrierfree.model.words import Standing
from barrierfree.store import facts as f


@dataclass(frozen=True)
class Chain:
    """The steps in force, each following the one before; ``standing`` says of every step where it stands."""

    steps: list[f.Fact]
    standing: dict[str, Standing] = field(default_factory=dict)

    @property
    def conflict(self) -> bool:
        """Whether it ends where two steps contradict."""
        return Standing.RIVAL in self.standing.values()


def chain_of(facts: Iterable[f.Fact]) -> Chain:
    """The chain of the steps among ``facts``, with the reverts and choices about them. The order is of no account.

    A revert counts if it is of the step's own person and nothing that holds builds on the step: no step that was not
    itself taken back, and no decision for it. Two followers that say different things end the chain until a decision
    names one; two that say the same are one.
    """
    kinds: dict[str, list[f.Fact]] = {"step": [], "revert": [], "choice": []}
    for fact in sorted(facts, key=lambda x: x.id):
        kinds.get(fact.kind, []).append(fact)
    steps, choices = kinds["step"], f.current(kinds["choice"])
    followers: dict[str, list[f.Fact]] = {}
    for step in steps:
        followers.setdefault(step.payload["follows"], []).append(step)
    decided = {name: v.value for name, v in choices.items() if name.startswith(AT) and not v.conflict}
    named = {value for v in choices.values() for value in (v.value, *v.conflict)}
    reverted = _reverted(steps, kinds["revert"], followers, named)
    ids = {s.id for s in steps}
    standing = {
        s.id: Standing.REVERTED if s.id in reverted
        else Standing.WAITING if s.payload["follows"] not in ids | {""} else Standing.PASSED_OVER
        for s in steps
    }  # fmt: skip
    return Chain(_walk(followers, reverted, decided, standing), standing)


AT = "at:"  # a choice has two fields for the step that two others follow: which one holds, and why
WHY = "why:"


def _walk(
    followers: dict[str, list[f.Fact]], reverted: set[str], decided: dict[str, Any], standing: dict[str, Standing]
) -> list[f.Fact]:
    chain: list[f.Fact] = []
    at: Sequence[str] = [""]
    while True:
        options = sorted((s for a in at for s in followers.get(a, ()) if s.id not in reverted), key=lambda s: s.id)
        if len({_said(s) for s in options}) > 1:
            chosen = {decided[AT + a] for a in at if AT + a in decided}
            kept = [s for s in options if s.id in chosen]
            if len({_said(s) for s in kept}) != 1:
                standing.update((s.id, Standing.RIVAL) for s in options)
                return chain
            options = [s for s in options if _said(s) == _said(kept[0])]
        if not options or options[0].id in {s.id for s in chain}:  # a ring cannot come from us
            return chain
        standing.update((s.id, Standing.SAME) for s in options)
        standing[options[0].id] = Standing.IN_FORCE
        chain.append(options[0])
        at = [s.id for s in options]


def _said(step: f.Fact) -> str:
    """What a step says: fields left empty and those of a later version do not count."""
    return f.canonical({k: v for k, v in step.payload["request"].items() if v not in ("", None, [])})


def _reverted(
    steps: Sequence[f.Fact], reverts: Sequence[f.Fact], followers: dict[str, list[f.Fact]], decided: set[Any]
) -> set[str]:
    by = {s.id: s.person for s in steps}
    wanted = {r.payload["step"] for r in reverts if by.get(r.payload["step"]) == r.person} - decided
    reverted: set[str] = set()
    while True:
        more = {s for s in wanted - reverted if all(n.id in reverted for n in followers.get(s, ()))}
        if not more:
            return reverted
        reverted |= more
