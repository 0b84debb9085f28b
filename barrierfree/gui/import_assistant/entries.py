"""The rows of a comparison as lines of a table: what each one is and why, in words; made in a thread."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from barrierfree.i18n import language, sentences, tr
from barrierfree.inventory import RowFault
from barrierfree.model.definition import Definition
from barrierfree.model.words import RowKind
from barrierfree.operations import lists
from barrierfree.operations.comparing import FIELDS, FieldChange, PlannedRow
from barrierfree.operations.lists import GoneSite, ListPlan

KINDS = ("new", "possible", "changed", "gone", "same", "bare", "outside", "rejected", "remark")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: of which ``kind``, the row in the sheet (0: none), and why; ``planned`` or ``gone`` is what it is of."""

    kind: str
    row: int
    name: str
    text: str
    planned: PlannedRow | None = None
    gone: GoneSite | None = None

    @property
    def key(self) -> str:
        """What tells one line from another."""
        return f"{self.kind}:{self.gone.id if self.gone else self.planned.id if self.planned else ''}:{self.row}"


def entries_of(plan: ListPlan, definition: Definition) -> dict[str, list[Entry]]:
    """The lines of each of ``KINDS``, in the order of the list."""
    found: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
    for row in plan.rows:
        found[row.kind.value].append(Entry(row.kind.value, row.row, row.site.name, _why(plan, row, definition), row))
    earlier = plan.updates.file if plan.updates else ""
    for site in plan.gone:
        text = sentences(t for t in (tr("“{file}”里有，这份清单里没有").format(file=earlier), site.community) if t)
        found["gone"].append(Entry("gone", 0, site.name, f"{site.code} · {text}", gone=site))
    found["bare"] = _bare(plan)
    found["outside"] = _faults("outside", plan.read.outside)
    found["rejected"] = _faults("rejected", plan.read.rejected)
    found["remark"] = [
        *(Entry("remark", 0, "", text) for text in plan.raw.remarks),
        *_faults("remark", (*plan.raw.faults, *plan.read.remarks)),
    ]
    return found


def _why(plan: ListPlan, row: PlannedRow, definition: Definition) -> str:
    if row.kind is RowKind.POSSIBLE:
        told = lists.possible_row(plan, row)
        where = told.code or tr("清单第 {row} 行").format(row=told.other_row)
        return sentences(
            [
                tr("像“{other}”（{where}），{score} 分").format(other=told.other, where=where, score=told.score),
                told.reason,
            ]
        )
    if row.kind is RowKind.CHANGED:
        return sentences(change_text(change, definition) for change in row.changes)
    if row.kind is RowKind.SAME:
        return row.how
    parts = (row.site.community, class_word(row.site.site_class, definition), row.site.address)
    return " · ".join(part for part in parts if part)


def change_text(change: FieldChange, definition: Definition) -> str:
    """A change of a field in words."""
    before, after = change_words(change, definition)
    name = tr(FIELDS[change.field])
    if not before:
        return tr("{field}补上“{after}”").format(field=name, after=after)
    return tr("{field}：“{before}”→“{after}”").format(field=name, before=before, after=after)


def change_words(change: FieldChange, definition: Definition) -> tuple[str, str]:
    """Before and after; place classes by their names."""
    if change.field == "site_class":
        return class_word(change.before, definition), class_word(change.after, definition)
    return change.before, change.after


def class_word(code: str, definition: Definition) -> str:
    """What a place class is called, '' for none."""
    known = definition.site_class(code)
    return known.label.in_language(language()) if known else code


def _bare(plan: ListPlan) -> list[Entry]:
    numbers = [row.row for row in plan.rows]
    found = []
    for number in plan.read.without_position:
        at = bisect_left(numbers, number)
        name = plan.rows[at].site.name if at < len(numbers) and numbers[at] == number else ""
        found.append(Entry("bare", number, name, tr("清单里没有坐标，导入后可以补")))
    return found


def _faults(kind: str, faults: Sequence[RowFault]) -> list[Entry]:
    return [Entry(kind, f.row, f.name, f.reason) for f in faults]
