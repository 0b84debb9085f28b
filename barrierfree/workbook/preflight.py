"""Checks every cell of a batch against the profile before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from barrierfree import cells
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.workbook.fields import Values
from barrierfree.workbook.profile import Column, Profile


class CellFault(Model):
    """A fault in one cell: of which record, in which column, and what to do."""

    record: str
    code: str
    column: str
    reason: str


def check(profile: Profile, rows: Mapping[str, Values]) -> tuple[CellFault, ...]:
    """All faults of the rows (record id: values)."""
    faults = []
    for record, values in rows.items():
        for column in profile.columns:
            reason = _fault(column, values)
            if reason:
                faults.append(_named(record, values, column, reason))
    return (*faults, *_repeated(profile, rows))


def _named(record: str, values: Values, column: Column, reason: str) -> CellFault:
    return CellFault(record=record, code=str(values.get("checkpoint_code") or ""), column=column.header, reason=reason)


def _fault(column: Column, values: Values) -> str:
    value = values.get(column.field) if column.field else column.text
    if value is None or value == "":
        return tr("必填，但是空的") if column.required else ""
    if column.codes and str(value) not in column.codes:
        return tr("“{value}”不在代码表里").format(value=value)
    if isinstance(value, (int, float)):
        if column.minimum is not None and value < column.minimum:
            return tr("{value} 小于最小值 {limit}").format(value=value, limit=column.minimum)
        if column.maximum is not None and value > column.maximum:
            return tr("{value} 大于最大值 {limit}").format(value=value, limit=column.maximum)
        return ""
    if column.max_length and len(value) > column.max_length:
        return tr("有 {n} 个字，最多 {limit} 个").format(n=len(value), limit=column.max_length)
    if not cells.holds(value):
        return tr("含有表格不能保存的控制字符，或太长")
    return ""


def _repeated(profile: Profile, rows: Mapping[str, Values]) -> list[CellFault]:
    faults = []
    for column in (c for c in profile.columns if c.unique):
        seen: dict[object, str] = {}
        for record, values in rows.items():
            value = values.get(column.field)
            if value in seen and value not in (None, ""):
                faults.append(_named(record, values, column, tr("与另一行重复：{value}").format(value=value)))
            seen.setdefault(value, record)
    return faults


def cell_value(column: Column, values: Values) -> str | float | int | None:
    """What is written into the cell: codes instead of words, fixed decimals as text."""
    value = values.get(column.field) if column.field else column.text
    if value is None or value == "":
        return None
    if column.codes:
        return column.codes.get(str(value), str(value))
    if isinstance(value, (int, float)):
        return f"{value:.{column.decimals}f}" if column.decimals is not None else value
    return cells.clean(value)


def row_values(profile: Profile, values: Values) -> Sequence[str | float | int | None]:
    """The cells of one row, in the order of the columns."""
    return [cell_value(column, values) for column in profile.columns]
