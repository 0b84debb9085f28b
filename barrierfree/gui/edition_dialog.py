"""What a new edition of the checklist would change, before it is adopted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr
from barrierfree.model.words import VerdictKind
from barrierfree.model.words import label as word
from barrierfree.operations.editions import EditionReport, VerdictChange


@dataclass(frozen=True)
class _Change:
    kind: str
    name: str
    text: str
    detail: str


class EditionDialog(FormDialog):
    """Accepted when the edition should be adopted."""

    def __init__(self, context: Context, report: EditionReport, parent: QWidget | None = None) -> None:
        super().__init__(tr("新版检查表"), tr("采用新版"), parent, height=760)
        self.resize(min(tokens().text(900), self.screen().availableSize().width() - 40), self.height())
        self._context = context
        told = tr("现在 {before}，新版 {after}。").format(before=report.version_before, after=report.version_after)
        self.fields.addWidget(label(told, "strong", wrap=True))
        counts = (
            (tr("题目变化 {n}"), len(report.questions)), (tr("限值变化 {n}"), len(report.rules)),
            (tr("重新判定 {n} 条检查记录"), report.inspections), (tr("其中 {n} 条判定会不同"), report.differing),
        )  # fmt: skip
        self.summary = label(phrased(text.format(n=f"{n:,}") for text, n in counts), wrap=True)
        self.fields.addWidget(self.summary)
        note = tr("采用后，以后的检查按新版填写和判定；已有的检查记录和判定都不改变。")
        self.fields.addWidget(label(note, "muted", wrap=True))
        self.changes: RecordTable[_Change] = RecordTable(
            (
                Column("kind", tr("变化"), lambda c: c.kind, width=110, filterable=True),
                Column("name", tr("题目或规则"), lambda c: c.name, detail=lambda c: c.detail, width=240),
                Column("text", tr("内容"), lambda c: c.text, width=260),
            ),
            lambda c: f"{c.kind}|{c.detail}", tr("题目和限值的变化"),
        )  # fmt: skip
        self.changes.set_records(_changes(report))
        self.verdicts: RecordTable[VerdictChange] = RecordTable(
            (
                Column("site", tr("点位"), lambda v: v.site_name, detail=lambda v: v.site_code, width=190),
                Column("element", tr("检查点"), lambda v: context.element_name(v.element, v.number), width=130),
                Column("rule", tr("规则"), lambda v: v.rule, width=90, filterable=True),
                Column("change", tr("判定"), _verdict, width=210, filterable=True),
            ),
            lambda v: f"{v.inspection}|{v.rule}", tr("会不同的判定"),
        )  # fmt: skip
        self.verdicts.set_records(report.verdicts)
        self.verdicts.set_empty(tr("没有判定会不同"), "")
        for title, table in (
            (tr("题目和限值的变化"), self.changes), (tr("会不同的判定"), self.verdicts),
        ):  # fmt: skip
            table.setMinimumHeight(tokens().text(210))
            self.fields.addSpacing(6)
            self.fields.addWidget(label(title, "strong"))
            self.fields.addWidget(table)
        for remark in report.remarks[:20]:
            self.fields.addWidget(label(remark, "small", wrap=True))
        self.finish(self.changes.view)  # Enter must not adopt what nobody has read


def _changes(report: EditionReport) -> list[_Change]:
    words = {"added": tr("新增"), "removed": tr("删去"), "changed": tr("改变")}
    questions = [
        _Change(tr("题目{what}").format(what=words[q.what]), q.label, "、".join(q.fields), f"{q.element} {q.question}")
        for q in report.questions
    ]
    rules = [
        _Change(tr("规则{what}").format(what=words[r.what]), r.label,
                " → ".join(t for t in (r.before, r.after) if t) if r.before != r.after else "、".join(r.fields), r.rule)
        for r in report.rules
    ]  # fmt: skip
    return [*rules, *questions]


def _verdict(change: VerdictChange) -> str:
    before, after = (tr(word(VerdictKind(k))) if k else tr("没有") for k in (change.before, change.after))
    return f"{before} → {after}"
