"""A small window with one of everything, for tests of the shell."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.bar_chart import BarChart, BarRow, Segment
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card, CardGrid, NumberCard
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.labels import SymbolLabel, label
from barrierfree.gui.main_window import MainWindow, PageEntry
from barrierfree.gui.page import Page
from barrierfree.gui.photo_view import PhotoView
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.tab_strip import TabStrip
from barrierfree.model.records import Changes


class Memory:
    """Settings that are kept nowhere."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def set(self, key: str, value: Any) -> None:
        self.values[key] = value


class FiguresPage(Page):
    def __init__(self) -> None:
        super().__init__("总览")
        self.seen: list[Changes] = []
        self.activations = 0
        self.header.set_counts("双井街道 · 截至 2026-11-21")
        self.header.set_sample(True)
        self.header.add_action(Button("生成报告", kind="primary", shortcut="Ctrl+P"))
        self.card = NumberCard("点位")
        self.card.show_number("1,412", "18 个社区")
        self.chart = BarChart("问题状态")
        self.chart.set_rows([BarRow("open", "未整改", (Segment(3, "bad", "未整改"),), "3", 5, "open")], "三个未整改。")
        self.body.addWidget(CardGrid(self.card, NumberCard("问题", tone="bad")))
        self.body.addWidget(self.chart, 1)

    def activate(self) -> None:
        self.activations += 1

    def apply_changes(self, changes: Changes) -> None:
        self.seen.append(changes)


class FormPage(Page):
    def __init__(self) -> None:
        super().__init__("调查")
        columns = [Column[str]("name", "点位", lambda s: s, symbol=lambda _s: "open", filterable=True)]
        self.table: RecordTable[str] = RecordTable(columns, lambda s: s, "点位")
        self.table.set_records(["幸福便利店", "光环药房"])
        self.tabs = TabStrip("检查点")
        self.tabs.set_tabs([("door", "门", "met"), ("ramp", "轮椅坡道", "open")], "ramp")
        self.choice = ChoiceButtons([("yes", "有"), ("no", "无"), ("na", "不适用")], "是否设置轮椅坡道")
        self.width_field = QLineEdit("0.95")
        caption = label("净宽", "strong")
        caption.setBuddy(self.width_field)
        material = QComboBox()
        material.addItems(["水泥", "石材"])
        material.setAccessibleName("材料")
        middle = Card("轮椅坡道")
        parts: list[QWidget] = [self.tabs, self.choice, caption, self.width_field, SymbolLabel("open", "小于 1.20 m")]
        parts += [material, QCheckBox("两侧有扶手"), Button("下一检查点", kind="primary", shortcut="Ctrl+Return")]
        for part in parts:
            middle.body.addWidget(part)
        right = QWidget()
        QVBoxLayout(right).addWidget(PhotoView())
        self.columns = AdaptiveColumns(
            [
                Pane("sites", "点位", self.table, 315),
                Pane("form", "检查", middle, 640, 1),
                Pane("photos", "照片", right, 260),
            ]
        )
        self.body.addWidget(self.columns)

    def search_field(self) -> QWidget:
        return self.table.search_field()

    def shortcuts(self) -> list[tuple[str, str]]:
        return [("空格", "勾选")]


def demo_window(settings: Memory | None = None) -> MainWindow:
    pages = [
        PageEntry("overview", "总览", "overview", FiguresPage),
        PageEntry("survey", "调查", "survey", FormPage),
        PageEntry("settings", "设置", "settings", lambda: Page("设置"), bottom=True),
    ]
    window = MainWindow(pages, settings or Memory())
    window.resize(1366, 768)
    return window
