"""Collects everything that is wrong with a definition, so that it is reported at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from barrierfree.errors import DefinitionError
from barrierfree.i18n import tr


@dataclass
class Faults:
    """The faults of one file, by sheet, row, column and cure."""

    file: str
    lines: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, sheet: str, row: int, column: str, what: str, cure: str) -> None:
        """Note a fault; ``row`` counts from 1 as the spreadsheet shows it, 0 where no row is meant."""
        self.lines.append(_told(sheet, row, column, what, cure))

    def remark(self, sheet: str, row: int, column: str, what: str, cure: str) -> None:
        """Note what is read but does less than a phone would: it keeps nobody from using the form."""
        told = _told(sheet, row, column, what, cure)
        if told not in self.remarks:
            self.remarks.append(told)

    def take(self, error: DefinitionError) -> None:
        """Note an error that another reader raised."""
        self.lines.append(f"{error.message} {error.advice}")

    def raise_if_any(self) -> None:
        """Raise one ``DefinitionError`` that names all faults."""
        if not self.lines:
            return
        head = tr("{file} 有 {count} 处错误：").format(file=self.file, count=len(self.lines))
        body = "\n".join(f"· {line}" for line in self.lines)
        raise DefinitionError(f"{head}\n{body}", tr("请按每条后面的改法修改，保存后重新读取。"))


def _told(sheet: str, row: int, column: str, what: str, cure: str) -> str:
    place = [tr("工作表 {sheet}").format(sheet=sheet)] if sheet else []
    if row:
        place.append(tr("第 {row} 行").format(row=row))
    if column:
        place.append(tr("“{column}”列").format(column=column))
    where = " ".join(place)
    colon = tr("：") if where else ""
    return tr("{where}{what} 改法：{cure}").format(where=where + colon, what=what, cure=cure)
