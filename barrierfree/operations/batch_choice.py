"""Chooses the records of a batch: accepted work that is new, changed since it was sent, or came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from barrierfree.i18n import listed, named, sentences, tr
from barrierfree.model.city import BatchFilter, CityState, Plain, RowKind, SentState
from barrierfree.model.words import label
from barrierfree.operations.batch_values import (
    Describer,
    PhotoNames,
    PlannedRow,
    asked_fields,
    differing,
    field_word,
    key_of,
    state_of,
)
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import ExportRecord, Store
from barrierfree.workbook import Profile

Sent = Mapping[tuple[RowKind, str], SentState]


def choose(
    store: Store, profile: Profile, wanted: BatchFilter, sent: Sent, progress: Progress = SILENT
) -> list[PlannedRow]:
    """The rows of a batch in the order of its sheets, then of codes.

    A record that was sent is *changed* when it rests on other facts or photos than it did then **and** one of the
    fields that the profile asks for differs from what was kept of it. So neither another profile, another edition of
    the checklist, another name of a photo, nor a change that the city never sees makes it changed.
    """
    kinds: list[RowKind] = list(dict.fromkeys(sheet.rows for sheet in profile.sheets))
    compared = _Compared(store, profile, sent)
    describer = Describer(store)
    found: dict[RowKind, list[PlannedRow]] = {kind: [] for kind in kinds}
    for portion in store.export_portions(kinds, wanted, profile.without_findings):
        for record in portion.records:
            before = sent.get((record.kind, record.id))
            if not _may_fit(wanted, before):
                continue
            plain, state = describer.plain(record), state_of(record)
            changed = compared.changed(record, plain, state, before)
            if wanted.what == "changed" and not changed:
                continue
            found[record.kind].append(
                PlannedRow(
                    kind=record.kind, record=record.id, site=record.site.id, code=record.code,
                    key=key_of(profile, plain, record.code), plain=plain, state=state,
                    inspection=record.inspection.id if record.inspection else "",
                    step=record.finding.last_step if record.finding else "",
                    changed=changed, sent=before.last.id if before else "",
                )
            )  # fmt: skip
        progress.step(portion.done, portion.total, tr("正在挑选记录"))
    return _with_photos(profile, [row for kind in kinds for row in found.pop(kind)])


def _with_photos(profile: Profile, rows: list[PlannedRow]) -> list[PlannedRow]:
    """The rows with the names of their photos, which count on in the order of the rows."""
    names = PhotoNames(profile)
    for at, row in enumerate(rows):
        if photos := names.of(row.kind, row.plain):
            rows[at] = replace(row, photos=photos)
    return rows


def _may_fit(wanted: BatchFilter, before: SentState | None) -> bool:
    match wanted.what:
        case "new":
            return before is None
        case "changed":
            return before is not None
        case "rejected":
            return before is not None and before.state is CityState.REJECTED
    return True


class _Compared:
    """Says in which fields records differ from what was sent of them; reads what was kept batch by batch."""

    def __init__(self, store: Store, profile: Profile, sent: Sent) -> None:
        self._store = store
        self._asked = {sheet.rows: asked_fields(profile, sheet.rows) for sheet in profile.sheets}
        self._kept: dict[str, dict[tuple[RowKind, str], dict[str, Any]]] = {}

    def changed(self, record: ExportRecord, plain: Plain, state: str, before: SentState | None) -> tuple[str, ...]:
        """The fields that differ; empty if the record was never sent or is as it was."""
        if before is None or before.last.state == state:
            return ()
        if not before.last.state:  # a batch of before kept no values: what was recorded since is a change
            facts = [i.id for i in record.inspections] + [f.last_step for f in record.findings]
            return ("state",) if max(facts, default="") > before.last.id else ()
        sending = before.last.id
        if sending not in self._kept:
            self._kept[sending] = self._store.sent_values(sending)
        kept = self._kept[sending].get((record.kind, record.id), {})
        return differing(plain, kept, self._asked[record.kind])


def filter_words(store: Store, wanted: BatchFilter) -> str:
    """The filter in words, for the ledger."""
    classes = {c.code: c.label.zh for c in store.definition().classes}
    what = {
        "new": tr("审核通过、还没有报送"), "changed": tr("报送后有变化"), "rejected": tr("市系统退回、还没有再报"),
        "all": tr("全部审核通过的记录"),
    }[wanted.what]  # fmt: skip
    parts = [what]
    for word, values in (
        (tr("社区"), wanted.communities), (tr("场所类别"), [classes.get(c, c) for c in wanted.classes]),
        (tr("整改状态"), [tr(label(s)) for s in wanted.states]), (tr("指定记录"), wanted.records),
    ):  # fmt: skip
        if values:
            parts.append(named(word, listed(_few(values))))
    if wanted.since or wanted.until:
        parts.append(named(tr("审核或变化日期"), f"{wanted.since or '…'} – {wanted.until or '…'}"))
    return sentences(parts)


def _few(values: Sequence[str]) -> list[str]:
    return [*values[:5], tr("等 {n} 项").format(n=len(values))] if len(values) > 5 else list(values)


def changed_words(row: PlannedRow) -> str:
    """Which fields changed, in words."""
    return listed([field_word(name) for name in row.changed])
