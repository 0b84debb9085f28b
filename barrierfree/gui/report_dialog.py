"""Asks which report, of what, as of when and in which form, and makes it while one watches."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.report_work import ReportWork
from barrierfree.gui.result_dialog import ResultDialog
from barrierfree.gui.writing_dialog import WritingDialog, choice_of
from barrierfree.i18n import tr
from barrierfree.operations import reports


class ReportDialog(WritingDialog):
    """``made`` is the file when it was accepted. It stays open while the report is made, and can be cancelled."""

    def __init__(
        self, context: Context, communities: list[str], units: list[str], today: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("生成报告"), tr("生成"), parent)
        self._today = today
        self._work: ReportWork | None = None
        self._rows: dict[str, QWidget] = {}
        self.made: Path | None = None
        self._add_kind()
        self._add_period()
        self._add_place(communities, units)
        self.add_file()
        self.add_progress()
        self.finish(self.kind)
        self._draw()

    # -- fields ---------------------------------------------------------------------------------------------------

    def _add_kind(self) -> None:
        self.kind = QComboBox()
        for kind in reports.KINDS:
            self.kind.addItem(reports.kind_word(kind), kind)
        self.kind.currentIndexChanged.connect(lambda _at: self._draw())
        self.add_field(tr("报告"), self.kind)
        self.about = label("", "muted", wrap=True)
        self.fields.addWidget(self.about)
        self.enter = Button(tr("填报其他成果…"), self._on_enter, icon="add")
        self._enter_row = FlowRow(self.enter)
        self.fields.addWidget(self._enter_row)
        self.format = ChoiceButtons([(".pdf", tr("PDF 文件")), (".xlsx", tr("Excel 工作簿"))], tr("格式"))
        self.format.set_value(".pdf")
        self.format.chosen.connect(lambda _value: self._draw())
        self.add_field(tr("格式"), self.format)

    def _add_period(self) -> None:
        self.as_of = _date_edit(self._today, tr("截至日期"))
        self.as_of.dateChanged.connect(lambda _date: self._draw())
        self.add_field(tr("截至日期"), self.as_of)
        self.earlier = label(tr("以前的日期：按那一天为止的记录还原当时的状态。"), "small", wrap=True)
        self.fields.addWidget(self.earlier)
        self.period = QComboBox()
        for key, text in (
            ("", tr("不分时段")), ("week", tr("截至日期所在的一周")), ("month", tr("截至日期所在的月")),
            ("quarter", tr("截至日期所在的季度")), ("year", tr("截至日期所在的年（年报 11 月 10 日前报送）")),
            ("since", tr("自选开始日期")),
        ):  # fmt: skip
            self.period.addItem(text, key)
        self.period.currentIndexChanged.connect(lambda _at: self._draw())
        self.since = _date_edit(self._today, tr("开始日期"))
        self._add_part("since", (tr("时段"), self.period), ("", self.since))

    def _add_place(self, communities: list[str], units: list[str]) -> None:
        self.community = choice_of(tr("全部社区"), communities)
        self.unit = choice_of(tr("全部责任单位"), units)
        self.site = QLineEdit()
        self.site.setPlaceholderText(tr("点位编号；不填就是全部点位"))
        self._add_part("community", (tr("社区"), self.community))
        self._add_part("unit", (tr("责任单位"), self.unit))
        self._add_part("site", (tr("点位"), self.site))
        self.photos = QCheckBox(tr("工作簿里放照片"))
        self.names = QCheckBox(tr("写出姓名"))
        self.names.setChecked(True)
        self.fields.addWidget(self.photos)
        self.fields.addWidget(self.names)
        for changed in (self.community.currentIndexChanged, self.unit.currentIndexChanged, self.site.textChanged):
            changed.connect(lambda _value: self._draw())

    def _add_part(self, key: str, *fields: tuple[str, QWidget]) -> None:
        """Fields that only some kinds of report have."""
        part = QWidget()
        part.setProperty("role", "plain")
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for title, widget in fields:
            if title:
                self.add_field(title, widget, column=column)
            else:
                column.addWidget(widget)
        self._rows[key] = part
        self.fields.addWidget(part)

    # -- what is asked for ----------------------------------------------------------------------------------------

    def request(self) -> reports.ReportRequest:
        """The report as filled in; fields the kind has not are left out."""
        kind = str(self.kind.currentData())
        used = reports.accepted(kind)
        period = str(self.period.currentData()) if "since" in used else ""
        return reports.ReportRequest(
            kind=kind, as_of=_iso(self.as_of),
            since=_iso(self.since) if period == "since" else "",
            period=period if period in ("week", "month", "quarter", "year") else "",
            community=str(self.community.currentData()) if "community" in used else "",
            unit=str(self.unit.currentData()) if "unit" in used else "",
            site=self.site.text().strip() if "site" in used else "",
            photos=self.photos.isChecked() and self.photos.isEnabled(), names=self.names.isChecked(),
        )  # fmt: skip

    def _draw(self) -> None:
        kind = str(self.kind.currentData())
        used = reports.accepted(kind)
        self.about.setText(_about(kind))
        self._enter_row.setVisible(kind == "results")
        for key, part in self._rows.items():
            part.setVisible(key in used)
        self.since.setVisible(self.period.currentData() == "since")
        self.photos.setVisible(kind == "ledger" and self.format.value() == ".xlsx")
        self.names.setVisible("names" in used)
        self.earlier.setVisible(_iso(self.as_of) < self._today)
        self.draw_file()

    def suggested(self) -> str:
        """Which survey, which report, of what, as of when."""
        wanted = self.request()
        parts = [self._context.survey.title, reports.kind_word(wanted.kind), wanted.community, wanted.unit, wanted.site,
                 wanted.as_of]  # fmt: skip
        return "-".join(part for part in parts if part)

    def ending(self) -> str:
        """That of the chosen format."""
        return str(self.format.value()) or ".pdf"

    def file_kind(self) -> str:
        """That of the chosen format."""
        return tr("Excel 工作簿 (*.xlsx)") if self.format.value() == ".xlsx" else tr("PDF 文件 (*.pdf)")

    def _on_enter(self) -> None:
        if self._context.person or self._context.ask_person():
            dialog = ResultDialog(self._context, self._today, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    # -- work -----------------------------------------------------------------------------------------------------

    def confirmed(self) -> None:
        """Make it; the dialog stays until it is there, and says what went wrong."""
        self.begin_work(tr("正在收集数据…"))
        self._work = ReportWork(self._context, self.request(), self._file, self)
        self._work.advanced.connect(self._on_advanced)
        self._work.finished.connect(self._on_finished)
        self._work.failed.connect(self._on_failed)
        self._work.start()

    def stop_work(self) -> bool:
        """Cancel the report under way."""
        if self._work is None:
            return False
        self._work.cancel()
        return True

    def _on_advanced(self, text: str, done: int, total: int) -> None:
        self.show_progress(text or tr("正在生成报告"), done, total)

    def _on_finished(self, path: Path) -> None:
        self._work = None
        self.made = path
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._work = None
        self.work_failed(error)


def _about(kind: str) -> str:
    return {
        "progress": tr("总体、各社区和每周的走访、发现、处理，超期和复发；选了时段就分别列出期内的工作。"),
        "results": tr("各类场所改造了多少、安装了多少，每个数都写明计数规则；未完工的、软服务的、只是计划的分开列。"),
        "ledger": tr("每个问题一行：点位、实测值、限值、责任单位、期限、措施、状态。"),
        "site": tr("每个点位一份：走访、检查和判定、问题、整改步骤、前后照片。"),
        "notice": tr(
            "给每个责任单位：待整改的问题、照片、条款、期限和要填写的空栏。工作簿里留有编号，交回时能对上原来的问题。"
        ),
        "proposals": tr("未关闭的问题按可解释的得分排列，供居民议事会讨论。"),
        "contributions": tr("每位志愿者的走访、检查和照片。用于致谢，不是质量排名。"),
    }[kind]


def _date_edit(today: str, name: str) -> QDateEdit:
    edit = QDateEdit(QDate.fromString(today, "yyyy-MM-dd"))
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setCalendarPopup(True)
    edit.setMaximumDate(QDate.fromString(today, "yyyy-MM-dd"))
    edit.setAccessibleName(name)
    return edit


def _iso(edit: QDateEdit) -> str:
    return edit.date().toString("yyyy-MM-dd")
