"""What is decided about the rows of a comparison, with undo; the words for it, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from barrierfree.gui.import_assistant.entries import Entry
from barrierfree.gui.import_assistant.work import Work
from barrierfree.i18n import tr
from barrierfree.model.words import RowKind
from barrierfree.operations.lists import ListPlan


@dataclass(frozen=True, slots=True)
class Totals:
    """What importing would do now: sites added, changed, joined, marked as gone; rows left out as undecided."""

    added: int
    changed: int
    joined: int
    gone: int
    undecided: int

    @property
    def taken(self) -> int:
        """Rows that change something."""
        return self.added + self.changed + self.joined


class Decisions:
    """Answers row by row; each act on one or many rows is one step that can be undone."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._undo: list[list[tuple[str, str, str | None]]] = []
        self._plan: ListPlan | None = None
        self._counts: dict[RowKind, int] = {}
        self.picked: dict[str, str] = {}  # which of several candidates is looked at, by row id

    @property
    def can_undo(self) -> bool:
        """Whether something was decided that can be taken back."""
        return bool(self._undo)

    def clear(self) -> None:
        """Another comparison: what was done before cannot be undone any more."""
        self._undo.clear()
        self.picked.clear()
        self._plan = None

    def answer(self, entry: Entry) -> str:
        """'same', 'new' or '' of a possible row; 'yes' or 'no' of a changed row or a site that is gone."""
        work, row = self._work, entry.planned
        if entry.gone is not None:
            return "no" if entry.gone.id in work.keep else "yes"
        if row is None:
            return ""
        if row.kind is RowKind.CHANGED:
            return "no" if row.id in work.declined else "yes"
        return "same" if row.id in work.same else "new" if row.id in work.new else ""

    def words(self, entry: Entry) -> str:
        """What will become of the line."""
        answer = self.answer(entry)
        if entry.kind == "possible":
            return {"same": tr("✓ 相同"), "new": tr("✓ 新增")}.get(answer, tr("？ 未决定"))
        if entry.kind == "changed":
            return tr("✓ 采用") if answer == "yes" else tr("✗ 不采用")
        if entry.kind == "gone":
            return tr("✓ 标记") if answer == "yes" else tr("✗ 不标记")
        return {"new": tr("新增"), "same": tr("不变"), "outside": tr("不导入"), "rejected": tr("不导入")}.get(
            entry.kind, ""
        )

    def decide(self, entries: Iterable[Entry], answer: str) -> int:
        """Give this answer to all lines it fits; how many changed."""
        step: list[tuple[str, str, str | None]] = []
        for entry in entries:
            target = self._target(entry, answer)
            if target is not None:
                step += self._set(*target)
        if step:
            self._undo.append(step)
        return len(step)

    def toggle(self, entries: Iterable[Entry]) -> int:
        """Turn changed rows and sites that are gone round; all of them as the first one."""
        fitting = [e for e in entries if e.kind in ("changed", "gone")]
        if not fitting:
            return 0
        return self.decide(fitting, "no" if self.answer(fitting[0]) == "yes" else "yes")

    def undo(self) -> int:
        """Take the last act back; how many lines it was about."""
        if not self._undo:
            return 0
        step = self._undo.pop()
        for group, key, before in step:
            self._put(group, key, before)
        return len(step)

    def totals(self, plan: ListPlan) -> Totals:
        """What storing would do."""
        work, counts = self._work, self._counted(plan)
        return Totals(
            added=counts[RowKind.NEW] + len(work.new), changed=counts[RowKind.CHANGED] - len(work.declined),
            joined=len(work.same), gone=len(plan.gone) - len(work.keep),
            undecided=counts[RowKind.POSSIBLE] - len(work.same) - len(work.new),
        )  # fmt: skip

    def _counted(self, plan: ListPlan) -> dict[RowKind, int]:
        """Rows of each kind, counted once for a comparison."""
        if self._plan is not plan:
            self._plan = plan
            self._counts = dict.fromkeys(RowKind, 0)
            for row in plan.rows:
                self._counts[row.kind] += 1
        return self._counts

    def _target(self, entry: Entry, answer: str) -> tuple[str, str, str | None] | None:
        """Which answer of which record that is."""
        row = entry.planned
        if entry.kind == "gone" and entry.gone is not None and answer in ("yes", "no"):
            return "keep", entry.gone.id, "no" if answer == "no" else None
        if row is None:
            return None
        if row.kind is RowKind.CHANGED and answer in ("yes", "no"):
            return "declined", row.id, "no" if answer == "no" else None
        if row.kind is RowKind.POSSIBLE and answer in ("same", "new", ""):
            other = self.picked.get(row.id, row.candidates[0].other)
            return "possible", row.id, {"same": other, "new": "", "": None}[answer]
        return None

    def _set(self, group: str, key: str, value: str | None) -> list[tuple[str, str, str | None]]:
        before = self._get(group, key)
        if before == value:
            return []
        self._put(group, key, value)
        return [(group, key, before)]

    def _get(self, group: str, key: str) -> str | None:
        work = self._work
        if group == "possible":
            return work.same.get(key, "" if key in work.new else None)
        return "no" if key in (work.keep if group == "keep" else work.declined) else None

    def _put(self, group: str, key: str, value: str | None) -> None:
        work = self._work
        if group == "possible":
            work.same.pop(key, None)
            work.new.discard(key)
            if value:
                work.same[key] = value
            elif value is not None:
                work.new.add(key)
            return
        held = work.keep if group == "keep" else work.declined
        held.discard(key)
        if value is not None:
            held.add(key)
