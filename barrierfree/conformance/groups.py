"""Sums verdicts up by whom their rules concern: who is shut out, and by how many limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from barrierfree.model.definition import Checklist, Text
from barrierfree.model.records import Verdict
from barrierfree.model.words import VerdictKind

EVERYBODY: Final = ""
# As in ``Rule.concerns``, in the order in which they are shown. A report may be in another language than the
# screen, so both stand here (see ``wording``).
GROUPS: Final = {
    "wheelchair": Text(zh="轮椅使用者", en="Wheelchair users"),
    "walking_aid": Text(zh="助行器使用者", en="Users of walking aids"),
    "blind": Text(zh="盲人", en="Blind people"),
    "low_vision": Text(zh="低视力者", en="People with low vision"),
    "deaf": Text(zh="听障者", en="Deaf people"),
}
_ALL: Final = Text(zh="全部人群", en="Everybody")
_COUNTED: Final = {
    VerdictKind.NOT_MET: "not_met",
    VerdictKind.CHECK_STANDARD: "doubtful",
    VerdictKind.MEASURE_AGAIN: "doubtful",
    VerdictKind.MET: "met",
    VerdictKind.CANNOT_TELL: "open",
}
_PARTS: Final = {  # the worst first
    "not_met": Text(zh="{n} 项不达标", en="{n} not met"),
    "doubtful": Text(zh="{n} 项存疑", en="{n} doubtful"),
    "met": Text(zh="{n} 项达标", en="{n} met"),
    "open": Text(zh="{n} 项待判定", en="{n} open"),
}
_NOTHING: Final = Text(zh="没有适用的要求", en="no limit applies")


@dataclass(frozen=True)
class Tally:
    """How many limits are met, not met, doubtful (check the standard, measure again) or open (cannot tell)."""

    met: int = 0
    not_met: int = 0
    doubtful: int = 0
    open: int = 0


def tallies(checklist: Checklist, verdicts: Iterable[Verdict]) -> dict[str, Tally]:
    """A tally for ``EVERYBODY`` and for each of ``GROUPS``; a rule that concerns several counts for each of them.

    Limits that do not apply, and verdicts of rules the checklist does not have, are not counted.
    """
    counts = {group: dict.fromkeys(_PARTS, 0) for group in (EVERYBODY, *GROUPS)}
    rules = {rule.id: rule for rule in checklist.rules}
    for verdict in verdicts:
        column, rule = _COUNTED.get(verdict.kind), rules.get(verdict.rule)
        if column is None or rule is None:
            continue
        for group in (EVERYBODY, *dict.fromkeys(rule.concerns)):
            if group in counts:
                counts[group][column] += 1
    return {group: Tally(**count) for group, count in counts.items()}


def group_name(group: str, language: str) -> str:
    """What people of a group are called; ``EVERYBODY`` too. ``language`` is ``zh_CN`` or ``en``."""
    return GROUPS.get(group, _ALL).in_language(language)


def tally_text(group: str, tally: Tally, language: str) -> str:
    """A tally in one line, the worst first: ``轮椅使用者：2 项不达标，3 项达标``; what is 0 is left out."""
    colon, comma = (": ", ", ") if language == "en" else ("：", "，")
    parts = [
        text.in_language(language).format(n=getattr(tally, name))
        for name, text in _PARTS.items()
        if getattr(tally, name)
    ]
    return f"{group_name(group, language)}{colon}{comma.join(parts) or _NOTHING.in_language(language)}"
