"""A new edition of the checklist: what it would change, told before anything is adopted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from barrierfree import checklists, conformance
from barrierfree.errors import DefinitionError
from barrierfree.i18n import language, listed, tr
from barrierfree.model.definition import Checklist, Definition, Model, Question, Rule
from barrierfree.model.records import Changes, Inspection, Verdict
from barrierfree.operations import surveys
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import SiteFilter, Store


class QuestionChange(Model):
    """A question that is ``added``, ``removed`` or ``changed`` (then in these ``fields``)."""

    element: str
    question: str
    label: str
    what: str
    fields: tuple[str, ...] = ()


class RuleChange(Model):
    """A rule that is ``added``, ``removed`` or ``changed`` (then in these ``fields``), with its limits in words."""

    rule: str
    label: str
    what: str
    before: str = ""
    after: str = ""
    fields: tuple[str, ...] = ()


class VerdictChange(Model):
    """A verdict of an inspection in force that would be another one; '' where the rule is not in that edition."""

    inspection: str
    site_code: str
    site_name: str
    element: str
    number: int
    rule: str
    before: str
    after: str


class EditionReport(Model):
    """What an edition would change. ``inspections`` in force were judged anew, ``differing`` of them differently."""

    name: str
    version_before: str
    version_after: str
    same: bool
    elements_added: tuple[str, ...]
    elements_removed: tuple[str, ...]
    questions: tuple[QuestionChange, ...]
    rules: tuple[RuleChange, ...]
    inspections: int
    differing: int
    verdicts: tuple[VerdictChange, ...]
    summary: dict[str, int]  # "met → not_met": how often
    remarks: tuple[str, ...] = ()


def read_edition(store: Store, source: str, remarks: list[str] | None = None) -> Definition:
    """The definition that ``source`` names: a shipped one, a folder, or a checklist (.xlsx) with all else as it is.

    Raises ``DefinitionError`` naming all faults; the survey keeps its edition.
    """
    held = store.definition()
    path = Path(source)
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        checklist = checklists.read_checklist(path, remarks)
        new = held.model_copy(update={"checklist": checklist})
        _refuse_missing_elements(new, path)
    else:
        new = surveys.definition_named(source, remarks)
    return new.model_copy(update={"sample": bool(store.info("sample"))})  # invented records stay marked as such


def _refuse_missing_elements(definition: Definition, path: Path) -> None:
    known = {e.code for e in definition.checklist.elements}
    faults = [f"{c.code}: {e}" for c in definition.classes for e in c.elements if e not in known]
    if faults:
        raise DefinitionError(
            tr("检查表“{name}”里没有场所类别要求的元素：{faults}。").format(name=path.name, faults=listed(faults)),
            tr("请在检查表里加上这些元素，或改用整个普查定义文件夹（连同 definition.toml）。"),
        )


def compare_edition(
    store: Store, new: Definition, progress: Progress = SILENT, remarks: tuple[str, ...] = ()
) -> EditionReport:
    """What adopting ``new`` would change; nothing is stored."""
    held = store.definition()
    before, after = held.checklist, new.checklist
    old_codes, new_codes = {e.code for e in before.elements}, {e.code for e in after.elements}
    looked, verdicts = _verdicts(store, new, progress) if before != after else (0, [])
    pairs = Counter(f"{v.before or '–'} → {v.after or '–'}" for v in verdicts)
    return EditionReport(
        name=new.name, version_before=before.version, version_after=after.version, same=new == held,
        elements_added=tuple(e.code for e in after.elements if e.code not in old_codes),
        elements_removed=tuple(e.code for e in before.elements if e.code not in new_codes),
        questions=tuple(_questions(before, after)), rules=tuple(_rules(before, after)),
        inspections=looked, differing=len({v.inspection for v in verdicts}), verdicts=tuple(verdicts),
        summary=dict(pairs.most_common()), remarks=remarks,
    )  # fmt: skip


def _questions(before: Checklist, after: Checklist) -> list[QuestionChange]:
    old = {(e.code, q.name): q for e in before.elements for q in e.questions}
    new = {(e.code, q.name): q for e in after.elements for q in e.questions}
    found = []
    for key in [*new, *(k for k in old if k not in new)]:
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        shown: Question | None = now or was
        what = "added" if was is None else "removed" if now is None else "changed"
        found.append(QuestionChange(
            element=key[0], question=key[1], label=shown.label.in_language(language()) if shown else "", what=what,
            fields=_differing(was, now),
        ))  # fmt: skip
    return found


def _rules(before: Checklist, after: Checklist) -> list[RuleChange]:
    old, new = {r.id: r for r in before.rules}, {r.id: r for r in after.rules}
    found = []
    for key in [*new, *(k for k in old if k not in new)]:
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        shown = now or was
        found.append(RuleChange(
            rule=key, label=shown.label.in_language(language()) if shown else "",
            what="added" if was is None else "removed" if now is None else "changed",
            before=_limit(before, was), after=_limit(after, now), fields=_differing(was, now),
        ))  # fmt: skip
    return found


def _differing(was: Model | None, now: Model | None) -> tuple[str, ...]:
    if was is None or now is None:
        return ()
    return tuple(n for n in type(was).model_fields if getattr(was, n) != getattr(now, n))


def _limit(checklist: Checklist, rule: Rule | None) -> str:
    element = checklist.element(rule.element) if rule else None
    question = element.question(rule.question) if element and rule else None
    return conformance.limit_text(rule, question, language()) if rule and question else ""


def _verdicts(store: Store, new: Definition, progress: Progress) -> tuple[int, list[VerdictChange]]:
    """The verdicts of the inspections in force that would differ, and how many inspections were looked at."""
    sites = {s.id: s for s in store.sites(SiteFilter(merged=True))}
    building = {c.code for c in new.classes if c.new_build}
    current = store.inspections(current=True)
    found: list[VerdictChange] = []
    for done, inspection in enumerate(current):
        if done % 200 == 0:
            progress.step(done, len(current))
        site = sites.get(inspection.site)
        judged: tuple[Verdict, ...] = ()
        if new.checklist.element(inspection.element) is not None:
            judged = conformance.judge(
                new.checklist, inspection.element, inspection.answers,
                new_build=site is not None and site.site_class in building,
            )  # fmt: skip
        for rule, before, after in _changed(inspection, judged):
            found.append(VerdictChange(
                inspection=inspection.id, site_code=site.code if site else "", site_name=site.name if site else "",
                element=inspection.element, number=inspection.number, rule=rule, before=before, after=after,
            ))  # fmt: skip
    return len(current), found


def _changed(inspection: Inspection, judged: tuple[Verdict, ...]) -> list[tuple[str, str, str]]:
    old, new = {v.rule: v.kind.value for v in inspection.verdicts}, {v.rule: v.kind.value for v in judged}
    rules = dict.fromkeys([*old, *new])
    return [(r, old.get(r, ""), new.get(r, "")) for r in rules if old.get(r) != new.get(r)]


def adopt_edition(store: Store, new: Definition, *, person: str) -> Changes:
    """Make ``new`` the edition that is filled in from now on; what was recorded keeps the edition it was judged by."""
    if new == store.definition():
        return Changes()
    return store.adopt_definition(new, title=str(store.info("title", "")), person=person, main_file=False)
