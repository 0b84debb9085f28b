"""The one style sheet, built from the tokens; widgets say what they are by the properties ``kind`` and ``role``."""

from __future__ import annotations

from barrierfree import paths
from barrierfree.gui.tokens import Tokens, contrast_ratio


def style_sheet(tokens: Tokens) -> str:
    """The style sheet of the whole application for these tokens."""
    parts = (
        _ground,
        _labels,
        _frames,
        _buttons,
        _rail,
        _fields,
        _checks,
        _tables,
        _tabs,
        _menus,
        _scrolling,
        _small_parts,
    )
    return "\n".join(part(tokens) for part in parts)


def _ground(t: Tokens) -> str:
    p = t.palette
    return f"""
QWidget {{ color: {p.ink}; font-size: {t.base}px; }}
QMainWindow, QDialog, QMessageBox, QWidget[role="ground"] {{ background: {p.background}; }}
QWidget[role="surface"], QStackedWidget[role="surface"] {{ background: {p.surface}; }}
QToolTip {{ background: {p.surface}; color: {p.ink}; border: 1px solid {p.field_line}; padding: 6px;
    font-size: {t.small}px; }}
*:disabled {{ color: {p.disabled}; }}
"""


def _labels(t: Tokens) -> str:
    p = t.palette
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {t.title}px; font-weight: 700; }}
QLabel[role="heading"] {{ font-size: {t.heading}px; font-weight: 700; }}
QLabel[role="strong"] {{ font-weight: 700; }}
QLabel[role="muted"] {{ color: {p.muted}; }}
QLabel[role="small"] {{ color: {p.muted}; font-size: {t.small}px; }}
QLabel[role="number"] {{ font-size: {t.number}px; font-weight: 700; }}
QLabel[role="badge"] {{ background: {p.badge}; color: {p.on_badge}; border: 1px solid {p.badge_line};
    border-radius: 6px; padding: 2px 8px; font-size: {t.small}px; }}
QLabel[role="alarm"] {{ background: {p.bad}; color: {p.on_bad}; border-radius: 4px; padding: 1px 6px;
    font-size: {t.small}px; }}
QLabel[tone="good"] {{ color: {p.good}; }}
QLabel[tone="bad"] {{ color: {p.bad}; }}
QLabel[tone="warn"] {{ color: {p.warn}; }}
QLabel[tone="other"] {{ color: {p.other}; }}
QLabel[tone="link"] {{ color: {p.link}; }}
"""


def _frames(t: Tokens) -> str:
    p = t.palette
    width = 2 if t.is_contrast else 1
    return f"""
QFrame[role="card"] {{ background: {p.surface}; border: {width}px solid {p.line}; border-radius: {t.radius}px; }}
QFrame[role="header"] {{ background: {p.surface}; border: none; border-bottom: {width}px solid {p.line}; }}
QFrame[role="status"] {{ background: {p.surface}; border: none; border-top: {width}px solid {p.line}; }}
QFrame[role="footer"] {{ background: transparent; border: none; border-top: {width}px solid {p.line}; }}
QFrame[role="status"] QLabel {{ color: {p.muted}; font-size: {t.small}px; }}
QFrame[role="rule"] {{ background: {p.line}; border: none; min-height: 1px; max-height: 1px; }}
QFrame[role="message"] {{ background: {p.info_soft}; border: {width}px solid {p.link};
    border-left: 5px solid {p.link}; border-radius: {t.radius}px; }}
QFrame[role="message"][tone="warn"] {{ background: {p.warn_soft}; border-color: {p.warn}; }}
QFrame[role="message"][tone="bad"] {{ background: {p.bad_soft}; border-color: {p.bad}; }}
QFrame[role="message"][tone="good"] {{ background: {p.good_soft}; border-color: {p.good}; }}
QFrame[role="drop"] {{ background: transparent; border: 2px dashed {p.field_line}; border-radius: {t.radius}px; }}
QGroupBox {{ border: none; margin-top: {round(t.base * 1.8)}px; font-weight: 700; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0; padding: 2px 0; }}
"""


def _buttons(t: Tokens) -> str:
    p = t.palette
    inner = t.target - 10
    return f"""
QPushButton {{ background: {p.surface}; color: {p.ink}; border: 1px solid {p.field_line if t.is_contrast else p.line};
    border-radius: {t.radius}px; padding: 3px 15px; min-height: {inner}px; margin: 1px; }}
QPushButton {{ border-color: {_button_line(t)}; }}
QPushButton:hover {{ background: {p.hover}; border-color: {p.field_line}; }}
QPushButton:pressed {{ background: {p.selection}; color: {p.on_selection}; }}
QPushButton:disabled {{ color: {p.disabled}; background: {p.background}; border-style: dashed; }}
QPushButton:checked {{ background: {p.selection}; color: {p.selection_accent}; border: 2px solid {p.accent};
    padding: 2px 14px; font-weight: 700; }}
QPushButton:focus {{ border: 3px solid {p.focus}; padding: 1px 13px; }}
QPushButton[kind="primary"] {{ background: {p.accent}; color: {p.on_accent}; border-color: {p.accent};
    font-weight: 700; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ background: {p.accent_hover};
    color: {p.on_accent}; }}
QPushButton[kind="primary"]:disabled {{ background: {p.background}; color: {p.disabled};
    border: 1px dashed {p.field_line}; }}
QPushButton[kind="primary"]:focus {{ border: 3px double {p.on_accent}; background: {p.accent_hover}; }}
QPushButton[kind="danger"] {{ color: {p.bad}; border-color: {p.bad}; }}
QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent; padding: 3px 9px; }}
QPushButton[kind="quiet"]:hover {{ background: {p.hover}; border-color: {p.line}; }}
QPushButton[kind="quiet"]:focus {{ border: 3px solid {p.focus}; padding: 1px 7px; }}
QPushButton[kind="icon"] {{ padding: 3px; min-width: {inner}px; }}
QPushButton[kind="icon"]:focus {{ border: 3px solid {p.focus}; padding: 1px; }}
QPushButton[kind="link"] {{ background: transparent; border-color: transparent; color: {p.link}; padding: 3px 2px;
    text-align: left; text-decoration: underline; margin: 0; }}
QPushButton[kind="link"]:focus {{ border: 3px solid {p.focus}; padding: 1px 0; }}
QPushButton[kind="card"] {{ background: {p.surface}; border: {2 if t.is_contrast else 1}px solid {p.line};
    border-radius: {t.radius}px; padding: 0; margin: 0; }}
QPushButton[kind="card"]:hover {{ border-color: {p.accent}; }}
QPushButton[kind="card"]:focus {{ border: 3px solid {p.focus}; }}
QPushButton[kind="row"] {{ background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0;
    margin: 0; text-align: left; }}
QPushButton[kind="row"]:hover {{ background: {p.hover}; }}
QPushButton[kind="row"]:focus {{ border: 3px solid {p.focus}; }}
QPushButton::menu-indicator {{ width: 0; image: none; }}
"""


def _button_line(t: Tokens) -> str:
    """Buttons are told by their border; it is a shade stronger than that of cards."""
    return {"light": "#B9C0C9", "dark": "#59626D"}.get(t.palette.name, t.palette.line)


def _rail(t: Tokens) -> str:
    p = t.palette
    return f"""
QFrame[role="rail"] {{ background: {p.surface}; border: none; border-right: 1px solid {p.line}; }}
QFrame[role="rail"] QScrollArea, QFrame[role="rail"] QWidget[role="plain"] {{ background: transparent; border: none; }}
QToolButton[role="nav"] {{ background: transparent; color: {p.ink}; border: 2px solid transparent;
    border-radius: {t.radius}px; padding: 5px 2px; font-size: {t.text(14)}px; }}
QToolButton[role="nav"]:hover {{ background: {p.hover}; }}
QToolButton[role="nav"]:checked {{ background: {p.selection}; color: {p.selection_accent}; font-weight: 700; }}
QToolButton[role="nav"]:focus {{ border-color: {p.focus}; }}
QToolButton[role="nav"]:checked:focus {{ border-color: {p.focus}; }}
"""


def _fields(t: Tokens) -> str:
    p = t.palette
    inner = t.target - 10
    names = "QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QTimeEdit"
    focused = ", ".join(f"{name}:focus" for name in names.split(", "))
    off = ", ".join(f"{name}:disabled" for name in names.split(", "))
    return f"""
{names} {{ background: {p.surface}; color: {p.ink}; border: 1px solid {p.field_line}; border-radius: {t.radius}px;
    padding: 3px 11px; min-height: {inner}px; margin: 1px; selection-background-color: {p.accent};
    selection-color: {p.on_accent}; }}
{focused}, QPlainTextEdit:focus, QTextEdit:focus {{ border: 3px solid {p.focus}; }}
{focused} {{ padding: 1px 9px; }}
{off}, QPlainTextEdit:disabled {{ background: {p.background}; border-style: dashed; }}
QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {p.muted}; }}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] {{ border: 2px solid {p.bad}; padding: 2px 10px; }}
QLineEdit[role="search"] {{ padding-left: {t.icon + 18}px; }}
QLineEdit[readOnly="true"] {{ background: {p.background}; }}
QPlainTextEdit, QTextEdit {{ background: {p.surface}; border: 1px solid {p.field_line}; border-radius: {t.radius}px;
    padding: 7px 9px; selection-background-color: {p.accent}; selection-color: {p.on_accent}; }}
QComboBox QAbstractItemView {{ background: {p.surface}; border: 1px solid {p.field_line}; outline: none;
    selection-background-color: {p.selection}; selection-color: {p.on_selection}; }}
QComboBox QAbstractItemView::item {{ min-height: {t.target}px; padding: 0 10px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: {t.text(30)}px; }}
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow {{ image: {_part("chevron_down", p.surface)};
    width: {t.icon}px; height: {t.icon}px; }}
QSpinBox::up-button, QDoubleSpinBox::up-button, QTimeEdit::up-button {{ border: none; width: {t.text(30)}px; }}
QSpinBox::down-button, QDoubleSpinBox::down-button, QTimeEdit::down-button {{ border: none;
    width: {t.text(30)}px; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QTimeEdit::up-arrow {{ image: {_part("chevron_up", p.surface)};
    width: {t.text(16)}px; height: {t.text(16)}px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QTimeEdit::down-arrow {{
    image: {_part("chevron_down", p.surface)}; width: {t.text(16)}px; height: {t.text(16)}px; }}
"""


def _checks(t: Tokens) -> str:
    p = t.palette
    return f"""
QCheckBox, QRadioButton {{ spacing: 10px; min-height: {t.target - 4}px; padding: 0 6px; background: transparent;
    border: 2px solid transparent; border-radius: 6px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {p.focus}; }}
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QTableWidget::indicator {{ width: {t.icon - 4}px;
    height: {t.icon - 4}px; border: 2px solid {p.field_line}; border-radius: 4px; background: {p.surface}; }}
QRadioButton::indicator {{ border-radius: {t.icon // 2}px; }}
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QGroupBox::indicator:checked,
QTableWidget::indicator:checked {{
    background: {p.accent}; border-color: {p.accent}; }}
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QTableWidget::indicator:checked {{
    image: {_part("check", p.accent)}; }}
QRadioButton::indicator:checked {{ image: {_part("dot", p.accent)}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-style: dashed; }}
"""


def _part(name: str, ground: str) -> str:
    """A drawing for parts that only the style sheet paints, in the ink that reads on ``ground``."""
    ink = "dark" if contrast_ratio("#1B1F24", ground) > contrast_ratio("#FFFFFF", ground) else "light"
    path = paths.resources() / "icons" / "parts" / f"{name}_{ink}.svg"
    return f'url("{path.as_posix()}")'


def _tables(t: Tokens) -> str:
    p = t.palette
    return f"""
QTableView, QTreeView, QListView {{ background: {p.surface}; alternate-background-color: {p.surface}; border: none;
    gridline-color: {p.line}; outline: none; selection-background-color: {p.selection};
    selection-color: {p.on_selection}; }}
QListView::item, QTreeView::item {{ min-height: {t.target}px; padding: 0 8px; }}
QListView::item:selected, QTreeView::item:selected {{ background: {p.selection}; color: {p.on_selection}; }}
QHeaderView {{ background: {p.header}; border: none; }}
QHeaderView::section {{ background: {p.header}; color: {p.ink}; font-weight: 700; font-size: {t.text(14)}px;
    border: none; border-bottom: 1px solid {p.line}; padding: 0 10px; min-height: {t.target}px; }}
QHeaderView::section:hover {{ background: {p.hover}; }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ width: 0; height: 0; image: none; }}
QTableCornerButton::section {{ background: {p.header}; border: none; }}
"""


def _tabs(t: Tokens) -> str:
    p = t.palette
    return f"""
QTabWidget::pane {{ border: none; background: transparent; }}
QTabBar {{ background: transparent; border: none; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {p.muted}; border: none; border-bottom: 3px solid transparent;
    padding: 4px 15px; min-height: {t.target - 11}px; }}
QTabBar::tab:hover {{ background: {p.hover}; color: {p.ink}; }}
QTabBar::tab:selected {{ color: {p.ink}; border-bottom-color: {p.accent}; font-weight: 700; }}
QTabBar::tab:focus {{ border: 2px solid {p.focus}; border-bottom: 3px solid {p.focus}; padding: 2px 13px 4px 13px; }}
QTabBar[role="compact"]::tab {{ padding: 4px 8px; }}
QTabBar[role="compact"]::tab:focus {{ padding: 2px 6px 4px 6px; }}
QTabBar QToolButton {{ background: {p.surface}; border: 1px solid {p.line}; }}
"""


def _menus(t: Tokens) -> str:
    p = t.palette
    return f"""
QMenu {{ background: {p.surface}; border: 1px solid {p.field_line}; padding: 4px; }}
QMenu::item {{ padding: {max(9, (t.target - round(t.base * 1.5)) // 2)}px 28px {
        max(9, (t.target - round(t.base * 1.5)) // 2)
    }px 12px; border: 2px solid transparent; border-radius: 6px; }}
QMenu::item:selected {{ background: {p.selection}; color: {p.on_selection}; border-color: {p.focus}; }}
QMenu::item:disabled {{ color: {p.disabled}; }}
QMenu::separator {{ height: 1px; background: {p.line}; margin: 4px 8px; }}
QMenu::indicator {{ width: {t.icon}px; height: {t.icon}px; left: 8px; }}
QMenu::indicator:checked {{ image: {_part("check", p.surface)}; }}
QMenu::indicator:checked:selected {{ image: {_part("check", p.selection)}; }}
QMenu::item:checked {{ font-weight: 700; }}
"""


def _scrolling(t: Tokens) -> str:
    p = t.palette
    return f"""
QScrollArea, QScrollArea > QWidget > QWidget[role="plain"], QWidget[role="plain"] {{ background: transparent;
    border: none; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 14px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 14px; margin: 2px; }}
QScrollBar::handle {{ background: {p.field_line}; border-radius: 5px; }}
QScrollBar::handle:vertical {{ min-height: 44px; }}
QScrollBar::handle:horizontal {{ min-width: 44px; }}
QScrollBar::handle:hover {{ background: {p.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _small_parts(t: Tokens) -> str:
    p = t.palette
    return f"""
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {p.accent}; }}
QProgressBar {{ background: {p.track}; border: 1px solid {p.field_line}; border-radius: 6px; height: {t.text(12)}px;
    text-align: center; font-size: {t.small}px; }}
QProgressBar::chunk {{ background: {p.accent}; border-radius: 5px; }}
QMessageBox QLabel {{ min-width: {t.text(280)}px; }}
QMessageBox QPushButton, QDialogButtonBox QPushButton {{ min-width: {t.text(72)}px; }}
"""
