"""Walks the accessibility tree of a window and names what a screen reader could not name."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

_Role = QAccessible.Role
BUTTONS = {
    _Role.Button,
    _Role.CheckBox,
    _Role.RadioButton,
    _Role.ButtonMenu,
    _Role.ButtonDropDown,
    _Role.PageTab,
    _Role.MenuItem,
    _Role.Link,
}
INPUTS = {
    _Role.EditableText,
    _Role.ComboBox,
    _Role.SpinBox,
    _Role.Slider,
    _Role.Dial,
    _Role.Table,
    _Role.Tree,
    _Role.List,
    _Role.ProgressBar,
}


def faults(widget: QWidget) -> list[str]:
    """What is wrong below ``widget``: inputs without name or buddy, buttons without name, too low targets,
    things one can press but not reach by keyboard. Empty is good. Only what is visible is looked at."""
    found: list[str] = []
    root = QAccessible.queryAccessibleInterface(widget)
    if root is None:
        return [f"{_describe(widget)}: no accessible interface"]
    _walk(root, found, 0)
    found += _unreachable(widget)
    return list(dict.fromkeys(found))


def _walk(interface: QAccessibleInterface, found: list[str], depth: int) -> None:
    thing = interface.object()
    if depth > 60 or interface.state().invisible or _is_web(thing):
        return
    role = interface.role()
    name = interface.text(QAccessible.Text.Name)
    if role in BUTTONS and not name:
        found.append(f"{_describe(thing)}: button without a name")
    if role in INPUTS and not _input_name(interface, thing, name):
        found.append(f"{_describe(thing)}: input without a name or a label that belongs to it")
    if isinstance(thing, QAbstractItemView):
        return  # cells are texts; 60,000 rows would be walked
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is not None and child.isValid():
            _walk(child, found, depth + 1)


def _input_name(interface: QAccessibleInterface, thing: QObject | None, name: str) -> bool:
    """A combo box's own name is its current text (recipes.md), so a name set or a buddy is asked for."""
    if isinstance(thing, QWidget):
        parent = thing.parentWidget()
        if thing.accessibleName():
            return True
        if isinstance(thing, QLineEdit) and parent is not None and parent.inherits("QAbstractSpinBox"):
            return _input_name(interface, parent, "")  # the line of a spin box belongs to the box
        if isinstance(thing, QLineEdit) and parent is not None and parent.inherits("QComboBox"):
            return _input_name(interface, parent, "")
        return any(label.buddy() is thing for label in _labels(thing))
    return bool(name)


def _labels(widget: QWidget) -> list[QLabel]:
    return list(widget.window().findChildren(QLabel))


def _unreachable(root: QWidget) -> list[str]:
    """Visible, enabled controls that the Tab key does not stop at, and targets under 44 px."""
    found: list[str] = []
    for widget in [*root.findChildren(QAbstractButton), *root.findChildren(QLineEdit), *root.findChildren(QComboBox)]:
        if not widget.isVisibleTo(root) or _inner(widget):
            continue
        if widget.isEnabled() and not any(w.focusPolicy() & Qt.FocusPolicy.TabFocus for w in _group(widget)):
            found.append(f"{_describe(widget)}: cannot be reached with the Tab key")
        if widget.height() < 44 and widget.property("kind") not in ("row", "link") and widget.isVisible():
            found.append(f"{_describe(widget)}: only {widget.height()} px high, 44 are needed")
    return found


def _group(widget: QWidget) -> list[QWidget]:
    """Of buttons that exclude each other one is a Tab stop, the arrow keys go to the others."""
    if isinstance(widget, QAbstractButton):
        group = widget.group()
        if group is not None and group.exclusive():
            return list(group.buttons())
        parent = widget.parentWidget()
        if widget.autoExclusive() and parent is not None:
            return [b for b in parent.findChildren(QAbstractButton) if b.autoExclusive()]
    return [widget]


def _inner(widget: QWidget) -> bool:
    """Parts of Qt's own widgets: clear buttons, scroll buttons of tab bars, the line of a combo box."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QLineEdit) or parent.inherits("QTabBar") or parent.inherits("QAbstractSpinBox"):
            return True
        if parent.inherits("QComboBox") or parent.inherits("QCalendarWidget"):
            return True
        if isinstance(parent, QAbstractScrollArea) and isinstance(parent, QAbstractItemView):
            return True
        parent = parent.parentWidget()
    return False


def _is_web(thing: QObject | None) -> bool:
    """Asking a web view for its child crashes the program once accessibility is active (recipes.md)."""
    return thing is not None and thing.inherits("QWebEngineView")


def _describe(thing: QObject | None) -> str:
    if thing is None:
        return "?"
    text = getattr(thing, "text", None)
    words = text() if callable(text) else ""
    parent = thing.parent()
    where = f" in {type(parent).__name__}" if parent is not None else ""
    return f"{type(thing).__name__}({words or thing.objectName()!r}){where}"


def process() -> None:
    """Let the layout settle."""
    for _ in range(5):
        QApplication.processEvents()
