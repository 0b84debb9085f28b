"""One step for many findings: what it would do to each, before anything is stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from barrierfree.i18n import listed, tr
from barrierfree.model.records import Photo, StepRequest
from barrierfree.model.words import FindingState, label
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import JudgedStep, Store, TakenSteps, WantedStep

ANY: Final = frozenset(FindingState)


def preview(
    store: Store,
    findings: Sequence[str],
    request: StepRequest,
    of: Collection[FindingState] = ANY,
    person: str = "",
    progress: Progress = SILENT,
) -> list[JudgedStep]:
    """What ``request`` would do to each finding. Those in other states than ``of`` are refused: the same step means
    something else there (to give out work that is claimed would send it back to be done again).
    """
    seen = 0

    def tick() -> None:
        nonlocal seen
        progress.step(seen, len(findings))
        seen += 1

    judged = store.judge_steps([WantedStep(finding=x, request=request) for x in findings], person=person, tick=tick)
    return [one if one.finding.state in of else elsewhere(one, of) for one in judged]


def take(
    store: Store, wanted: Sequence[WantedStep], photos: Sequence[Photo], person: str, progress: Progress = SILENT
) -> TakenSteps:
    """Take the steps that are possible, all in one transaction; cancelled, none of them."""
    seen = 0

    def tick() -> None:
        nonlocal seen
        progress.step(min(seen, len(wanted)), len(wanted))
        seen += 1

    return store.record_steps(wanted, person=person, photos=photos, tick=tick)


def elsewhere(one: JudgedStep, of: Collection[FindingState]) -> JudgedStep:
    """The same step, refused because it is meant for other states than that of its finding."""
    said = tr("只能用于{states}的问题；这个是“{state}”。").format(
        states=listed(f"“{tr(label(s))}”" for s in FindingState if s in of), state=tr(label(one.finding.state))
    )
    return one.model_copy(update={"refused": said})
