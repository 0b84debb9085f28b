"""One sheet of a profile in its template: whether it fits, which rows are examples, and what stands in the way."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final, NamedTuple

from barrierfree.errors import BatchError
from barrierfree.i18n import listed, tr
from barrierfree.workbook.package import Package, SheetEntry
from barrierfree.workbook.profile import Profile, Sheet, column_letter
from barrierfree.workbook.sheet_scan import Area, RowSpan, SheetScan, areas, scan
from barrierfree.workbook.titles import same, shown, titles

# Lines that stand below the rows of Chinese forms: notes, sums, who filled it in
_FOOTER: Final = re.compile(
    r"(合计|总计|小计|共计|备注|说明)|.*[:：][_＿\s]*|(注|备注|说明|填表|填报|制表|审核|负责|联系|单位)[^:：]{0,6}[:：].*",
    re.DOTALL,
)
_LOOKED_AT: Final = 60  # rows in which a title that moved is looked for


class Fault(NamedTuple):
    """What is wrong with a template, and what to do."""

    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.what} {self.cure}"

    def error(self) -> BatchError:
        """The fault as an error."""
        return BatchError(self.what, self.cure)


class TableSpan(NamedTuple):
    """A table (ListObject) of a sheet."""

    part: str
    name: str
    area: Area
    totals: bool


class TemplateSheet:
    """A sheet of the profile and the sheet of the template that it fills. Raises ``BatchError`` where there is none."""

    def __init__(self, package: Package, sheet: Sheet) -> None:
        self.package, self.sheet = package, sheet
        self.entry = _entry(package, sheet)
        self.name = self.entry.name
        self._left, self._right = min(sheet.places), max(sheet.places)
        self.scan = scanned(package, self.entry)

    def inside(self, column: int) -> bool:
        """Whether a column lies between the first and the last of the profile; what stands beside them stays."""
        return self._left <= column <= self._right

    def faults(self) -> list[Fault]:
        """What keeps every batch out of the sheet."""
        found = self._title_faults()
        barrier = self.barrier
        if not found and barrier and barrier[0] <= self.sheet.first_row:
            found.append(self.in_the_way(barrier[0], barrier[1]))
        return found or self._torn_formulas()

    def _torn_formulas(self) -> list[Fault]:
        """A formula that cells share (ECMA-376 part 1, 18.3.1.40) stands in one of them: the others need that one."""
        examples = {row.number for row in self.examples}
        gone: set[str] = set()
        kept: dict[str, str] = {}
        for row in self.scan.rows:
            for cell in row.cells:
                if cell.shared and row.number in examples and self.inside(cell.column):
                    gone.add(cell.shared)
                elif cell.shared:
                    kept.setdefault(cell.shared, f"{column_letter(cell.column)}{row.number}")
        what = tr("工作表“{sheet}”的 {cell} 和示例行共用一个公式，示例行会被记录代替。")
        cure = tr("请在模板里删去示例行的公式，或把它们移到别处，再重新载入。")
        return [Fault(what.format(sheet=self.name, cell=kept[one]), cure) for one in sorted(gone & kept.keys())]

    def _title_faults(self) -> list[Fault]:
        sheet, found = self.sheet, []
        there = titles(self.package, self.scan, sheet.header_row, sheet.header_rows)
        for at, column in zip(sheet.places, sheet.columns, strict=True):
            title = there.get(at, "")
            if same(title, column.header):
                continue
            what = tr("工作表“{sheet}”第 {row} 行 {letter} 列是“{found}”，方案里写的是“{wanted}”。").format(
                sheet=self.name, row=sheet.header_row, letter=column_letter(at), found=title, wanted=column.header
            )
            found.append(Fault(what, self._where_now(column.header)))
        return found

    def _where_now(self, header: str) -> str:
        sheet, last = self.sheet, min(_LOOKED_AT, max((r.number for r in self.scan.rows), default=0))
        for row in sorted(range(1, last + 1), key=lambda n: abs(n - sheet.header_row)):
            for lines in dict.fromkeys((min(sheet.header_rows, row), 1)):
                for at, title in titles(self.package, self.scan, row, lines).items():
                    if same(title, header):
                        return tr(
                            "“{header}”现在在第 {row} 行 {letter} 列。请核对模板的版本后改正方案；没有写出任何文件。"
                        ).format(header=header, row=row, letter=column_letter(at))
        return tr("模板里没有这一列。模板可能换了版本，请核对后更新方案；没有写出任何文件。")

    @cached_property
    def examples(self) -> list[RowSpan]:
        """The filled rows from the first record's row on that are there to be replaced."""
        return self._data[0]

    @cached_property
    def barrier(self) -> tuple[int, str] | None:
        """The first row that a batch must not reach, and what stands there."""
        found = [self._data[1]] if self._data[1] else []
        first = self.sheet.first_row
        for area in self.scan.merges:
            if area.bottom >= first and area.left <= self._right and area.right >= self._left:
                found.append((max(area.top, first), tr("合并的单元格 {range}").format(range=area)))
        for table in self.tables:
            if table.totals and table.area.bottom >= first:
                found.append((table.area.bottom, tr("表“{name}”的汇总行").format(name=table.name)))
        return min(found) if found else None

    def in_the_way(self, row: int, words: str) -> Fault:
        """The fault that a batch reaches the barrier."""
        room = row - self.sheet.first_row
        cure = tr("请在模板里把它移到表头上方或别的工作表，再重新载入；没有写出任何文件。")
        if room > 0:
            cure = tr(
                "请在模板里把它移到表头上方或别的工作表，或在方案里写 rows_per_file = {room}；没有写出任何文件。"
            ).format(room=room)
        what = tr("工作表“{sheet}”第 {row} 行有{words}，写记录会盖住它。").format(sheet=self.name, row=row, words=words)
        return Fault(what, cure)

    @cached_property
    def _data(self) -> tuple[list[RowSpan], tuple[int, str] | None]:
        first, examples = self.sheet.first_row, list[RowSpan]()
        expected, before = first, dict[int, str]()
        for row in self.scan.rows:
            filled = [cell for cell in row.filled if self.inside(cell.column)]
            if row.number < first or not filled:
                continue
            texts = {c.column: shown(self.package, c) for c in filled}
            words = next(iter(texts.values())).strip()[:20]
            lone = len(filled) == 1 and filled[0].kind in ("s", "inlineStr", "str") and row.number > first
            note = any(_FOOTER.fullmatch(text.strip()) for text in texts.values() if text.strip())
            if row.number > expected or note or (lone and texts.items() - before.items()):
                return examples, (row.number, f"“{words}”")
            examples.append(row)
            expected, before = row.number + 1, texts
        return examples, None

    @cached_property
    def tables(self) -> list[TableSpan]:
        """The tables (ListObjects) of the sheet."""
        found = []
        for relation in self.package.relations_of(self.entry.part):
            if relation.kind == "table" and relation.target in self.package.names:
                root = self.package.xml(relation.target)
                area = areas(root.get("ref", "A1"))[0]
                totals = root.get("totalsRowCount", "0") not in ("0", "")
                found.append(TableSpan(relation.target, root.get("displayName", ""), area, totals))
        return found

    def replaced_rows(self, last: int) -> list[RowSpan]:
        """The rows of the template that give way when records go down to row ``last``: theirs and all examples."""
        first, examples = self.sheet.first_row, {row.number for row in self.examples}
        return [row for row in self.scan.rows if first <= row.number and (row.number <= last or row.number in examples)]

    def lost_formulas(self) -> list[str]:
        """Formulas of the example rows in columns that the profile does not fill."""
        filled = set(self.sheet.places)
        lost = dict.fromkeys(
            c.column
            for row in self.examples
            for c in row.cells
            if c.formula and self.inside(c.column) and c.column not in filled
        )
        return [column_letter(column) for column in sorted(lost)]

    def example_words(self) -> list[str]:
        """The example rows by number, with how the first begins: it may be hints that belong to the titles."""
        if not self.examples:
            return []
        texts = [shown(self.package, cell).strip() for cell in self.examples[0].filled if self.inside(cell.column)]
        text = tr(
            "工作表“{sheet}”第 {rows} 行（{words}）是示例，会被记录代替；如果是填表说明，请把 first_row 改到它下面。"
        )
        rows = listed(str(row.number) for row in self.examples[:3])
        return [text.format(sheet=self.name, rows=rows, words=listed([t[:12] for t in texts if t][:3]))]

    def too_short(self, last: int) -> list[str]:
        """What of the sheet ends before the row ``last`` of a batch though it reaches into the data."""
        first, places = self.sheet.first_row, set(self.sheet.places)
        found = []
        named = (
            (tr("数据有效性"), [a for rule in self.scan.validations for a in rule.areas]),
            (tr("条件格式"), [a for rule in self.scan.formats for a in rule.areas]),
            (tr("自动筛选"), self.scan.filters),
            (tr("打印区域"), self._print_areas()),
        )
        for words, ranges in named:
            short = [a for a in ranges if self._ends_early(a, first, last, places)]
            if short:
                found.append(
                    tr("工作表“{sheet}”的{what}只到 {ranges}，这一批写到第 {last} 行。").format(
                        sheet=self.name, what=words, ranges=listed(str(a) for a in dict.fromkeys(short)), last=last
                    )
                )
        return found

    def stray_links(self, last: int) -> list[str]:
        """Links on cells that records take: they lead where the example led."""
        stray = [a for a in self.scan.links if self.sheet.first_row <= a.bottom and a.top <= last]
        if not stray:
            return []
        text = tr("工作表“{sheet}”的 {ranges} 有示例的超链接，会留在记录上。")
        return [text.format(sheet=self.name, ranges=listed(str(a) for a in stray))]

    @staticmethod
    def _ends_early(area: Area, first: int, last: int, places: set[int]) -> bool:
        reaches = area.top <= first <= area.bottom or area.bottom == first - 1
        return reaches and area.bottom < last and any(area.left <= at <= area.right for at in places)

    def _print_areas(self) -> list[Area]:
        at = self.package.sheets.index(self.entry)
        return [
            area
            for name, sheet, text in self.package.defined_names()
            if name == "_xlnm.Print_Area" and sheet == at
            for piece in text.split(",")
            for area in areas(piece.rpartition("!")[2])
        ]


def template_sheets(profile: Profile, package: Package) -> list[TemplateSheet]:
    """The sheets of the profile in the template."""
    return [TemplateSheet(package, sheet) for sheet in profile.sheets]


def scanned(package: Package, entry: SheetEntry) -> SheetScan:
    """The rows of a sheet of the template."""
    try:
        if entry.part not in package.scans:
            package.scans[entry.part] = scan(package.read(entry.part))
        return package.scans[entry.part]
    except ValueError as error:
        why = tr("编码不是 UTF-8") if str(error) == "encoding" else str(error)
        raise BatchError(
            tr("读不懂模板的工作表“{name}”：{why}。").format(name=entry.name, why=why),
            tr("请用 Excel 打开模板，另存为 .xlsx 后重新载入。"),
        ) from error


def _entry(package: Package, sheet: Sheet) -> SheetEntry:
    name = sheet.name or package.sheets[0].name
    entry = next((one for one in package.sheets if one.name == name), None)
    if entry is None:
        raise BatchError(
            tr("模板里没有工作表“{name}”。").format(name=name),
            tr("模板里有：{names}。请改正方案或模板。").format(names=listed(one.name for one in package.sheets)),
        )
    if entry.kind != "worksheet":
        raise BatchError(tr("“{name}”是图表页，不是表格。").format(name=name), tr("请改正方案。"))
    return entry
