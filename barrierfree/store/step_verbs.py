"""Steps taken together, taken back and decided between; problems told of without an inspection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from barrierfree import rectification
from barrierfree.errors import NotFoundError, StepRefused
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, Finding, NewReport, Photo, Step, StepRequest
from barrierfree.model.words import FindingState, Problem, Standing, label
from barrierfree.store import facts as f
from barrierfree.store.chains import AT, WHY
from barrierfree.store.findings import FindingVerbs
from barrierfree.store.places import checkpoint_id
from barrierfree.store.reading import Tick, chunks, facts_about, silent
from barrierfree.store.sites import add_photo_facts

_DOUBTFUL: Final = (
    "SELECT s.id FROM steps s JOIN findings f ON f.id = s.finding JOIN facts x ON x.id = s.id"
    " WHERE (f.last_step <> s.id OR f.conflict = 1 OR s.standing <> 'in_force' OR s.person <> ? OR x.device <> ?"
    " OR EXISTS (SELECT 1 FROM batch_rows b WHERE b.record = s.finding AND b.batch > s.id)"
    " OR EXISTS (SELECT 1 FROM entries e WHERE e.record = s.finding AND e.taken_back = 0 AND e.id > s.id)"
    " OR EXISTS (SELECT 1 FROM facts c WHERE c.subject = s.finding AND c.kind = 'choice'))"
)


class WantedStep(Model):
    """A step somebody wants to take on one of several findings."""

    finding: str
    request: StepRequest


class JudgedStep(Model):
    """What would become of a wanted step: the finding as it stands, and why it is refused ('' if it is not)."""

    finding: Finding
    request: StepRequest
    refused: str = ""


class TakenSteps(Model):
    """What a bulk action recorded; ``group`` is what it is taken back by."""

    group: str
    judged: tuple[JudgedStep, ...]
    changes: Changes

    @property
    def done(self) -> tuple[Finding, ...]:
        """The findings that took their step, as they stood before."""
        return tuple(j.finding for j in self.judged if not j.refused)

    @property
    def refused(self) -> tuple[JudgedStep, ...]:
        """Those that did not, with the reason."""
        return tuple(j for j in self.judged if j.refused)


class Undoing(Model):
    """The steps that taking back one of them takes back (a bulk action is one), and why it is refused ('' if not)."""

    steps: tuple[Step, ...]
    refused: str = ""


class Reported(Model):
    """What a problem told of became: a new finding, or more about one that was there (``known``)."""

    finding: str
    known: bool
    changes: Changes


class StepVerbs(FindingVerbs):
    """The verbs about many steps, reverts, decisions, and reports without an inspection."""

    def judge_steps(
        self, wanted: Sequence[WantedStep], *, person: str, today: date | None = None, tick: Tick = silent
    ) -> list[JudgedStep]:
        """What would become of each step, in words; nothing is stored."""
        day = today or self.clock().date()
        judged: list[JudgedStep] = []
        seen: set[str] = set()
        for one in wanted:
            tick()
            finding = self.finding(one.finding)
            refused, found = self._judge_step(finding, one.request, person, day)
            if finding.id in seen:
                refused = tr("同一个问题出现了两次。")
            seen.add(finding.id)
            request = one.request
            if found is not None and not request.inspection:
                request = request.model_copy(update={"inspection": found.id})
            judged.append(JudgedStep(finding=finding, request=request, refused=refused or ""))
        return judged

    def record_steps(
        self,
        wanted: Sequence[WantedStep],
        *,
        person: str,
        photos: Sequence[Photo] = (),
        today: date | None = None,
        tick: Tick = silent,
    ) -> TakenSteps:
        """Take every step that is possible, all in one transaction and as one group; the others are told."""
        judged = self.judge_steps(wanted, person=person, today=today, tick=tick)
        group = ""
        with self._writing(person) as (writer, done):
            add_photo_facts(self, writer, photos)
            for one in judged:
                if not one.refused:
                    group = group or writer.new_id()
                    payload = {"follows": one.finding.last_step, "request": one.request.model_dump(mode="json")}
                    writer.add("step", one.finding.id, payload | {"group": group})
            writer.tick = tick
        return TakenSteps(group=group, judged=tuple(judged), changes=done[0])

    # -- taking back ------------------------------------------------------------------------------------------------

    def undoing(self, finding: str, *, person: str) -> Undoing:
        """What taking back the last step of a finding would take back, and whether it is possible."""
        steps = self.steps(finding)
        if not steps:
            return Undoing(steps=(), refused=tr("这个问题还没有可以撤销的步骤。"))
        group = steps[-1].group
        together = tuple(self.steps(group=group, all_of_them=True)) if group else (steps[-1],)
        return Undoing(steps=together, refused=self._undo_refusal(together, person))

    def _undo_refusal(self, together: Sequence[Step], person: str) -> str:
        doubtful = self._doubtful(together, person)
        for step in (s for s in together if s.id in doubtful):
            finding = self.finding(step.finding)
            refused = rectification.revert_refusal(
                finding, step, by=person, last=finding.last_step == step.id and not finding.conflict,
                left=self._has_left(step), decided=self._is_decided(step),
            )  # fmt: skip
            if refused and len(together) > 1:
                return tr("这是一次处理 {n} 个问题的操作，只能一起撤销。{name}：{why}").format(
                    n=len(together), name=finding.site_name, why=refused
                )
            if refused:
                return refused
        return ""

    def _doubtful(self, together: Sequence[Step], person: str) -> set[str]:
        """Those of some steps that may not be taken back: a bulk action may have thousands that surely may."""
        found: set[str] = set()
        for marks, part in chunks([s.id for s in together]):
            rows = self._sql.execute(f"{_DOUBTFUL} AND s.id IN ({marks})", [person, self.device, *part])
            found.update(r[0] for r in rows)
        return found

    def _has_left(self, step: Step) -> bool:
        """Whether a step went out in a batch or was typed into the city's system, or came from another computer (then
        it travelled in a package).
        """
        made_on = self._sql.execute("SELECT device FROM facts WHERE id = ?", [step.id]).fetchone()[0]
        sent = self._sql.execute(
            "SELECT 1 FROM batch_rows WHERE record = :finding AND batch > :step"
            " UNION ALL SELECT 1 FROM entries WHERE record = :finding AND taken_back = 0 AND id > :step LIMIT 1",
            {"finding": step.finding, "step": step.id},
        ).fetchone()
        return made_on != self.device or sent is not None

    def _is_decided(self, step: Step) -> bool:
        held = f.current(facts_about(self._sql, step.finding, "choice"))
        return any(step.id in (v.value, *v.conflict) for v in held.values())

    def revert_step(self, finding: str, *, person: str) -> tuple[tuple[str, ...], Changes]:
        """Take back the last step of a finding, with all steps of the same bulk action; the findings it concerns.

        Raises ``StepRefused`` with the reason and the regular step in words.
        """
        self.finding(finding)
        undoing = self.undoing(finding, person=person)
        if undoing.refused:
            raise StepRefused(undoing.refused, tr("没有改动。"))
        with self._writing(person) as (writer, done):
            for step in undoing.steps:
                writer.add("revert", step.finding, {"step": step.id})
        return tuple(s.finding for s in undoing.steps), done[0]

    # -- deciding ---------------------------------------------------------------------------------------------------

    def rivals(self, finding: str) -> list[Step]:
        """The steps that contradict each other and wait for a decision."""
        return [s for s in self.steps(finding, all_of_them=True) if s.standing is Standing.RIVAL]

    def decide_step(self, finding: str, step: str, reason: str, *, person: str) -> Changes:
        """Decide which of the contradicting steps holds; the others are kept and have no effect."""
        found = self.finding(finding)
        chosen = next((s for s in self.steps(finding, all_of_them=True) if s.id == step), None)
        if chosen is None:
            raise NotFoundError(tr("这个问题没有编号为“{id}”的步骤。").format(id=step), tr("请从列出的步骤里选择。"))
        refused = rectification.choice_refusal(found, chosen, reason)
        if refused:
            raise StepRefused(refused, tr("没有改动。"))
        held = f.current(facts_about(self._sql, finding, "choice"))
        payload = {AT + chosen.follows: step, WHY + chosen.follows: reason.strip()}
        with self._writing(person) as (writer, done):
            writer.add("choice", finding, payload, {n: held[n].facts for n in payload if n in held})
        return done[0]

    # -- told of ----------------------------------------------------------------------------------------------------

    def report_problem(self, new: NewReport, *, person: str, photos: Sequence[Photo] = ()) -> Reported:
        """Store a problem that somebody told of; nobody has inspected it yet.

        Told of a checkpoint and problem word that have a finding already, it is added to that one, so that a later
        inspection and this report mean the same finding; a closed one is refused, because it has to be reopened.
        """
        self.site(new.site)
        if not new.note.strip():
            raise StepRefused(tr("请写下反映的问题。"), tr("例如：门口的坡道被电动车占用，轮椅过不去。"))
        finding, checkpoint = "", ""
        if new.element:
            checkpoint = checkpoint_id(new.site, new.element, new.number)
            finding = f.derived_id("finding", checkpoint, new.problem, self.info("round", 1))
        row = self._sql.execute("SELECT state FROM findings WHERE id = ?", [finding]).fetchone()
        if row is not None and FindingState(row[0]).closed:
            raise StepRefused(
                tr("这个检查点的“{problem}”已经登记过，现在是“{state}”。").format(
                    problem=tr(label(Problem(new.problem))), state=tr(label(FindingState(row[0])))
                ),
                tr("请在“整改”页打开那个问题，按“重新打开”并写明来电反映的情况。"),
            )
        payload = {
            "site": new.site, "checkpoint": checkpoint, "element": new.element, "number": new.number,
            "inspection": "", "photos": [p.sha256 for p in photos], "problem": new.problem, "rules": [],
            "severity": new.severity, "note": new.note.strip(), "source": new.source,
        }  # fmt: skip
        with self._writing(person) as (writer, done):
            add_photo_facts(self, writer, photos)
            finding = finding or writer.new_id()
            writer.add("finding", finding, payload)
        return Reported(finding=finding, known=row is not None, changes=done[0])
