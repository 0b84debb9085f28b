"""Awkward workbooks, written by hand where no library writes them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

_NAMESPACE = "http://schemas.openxmlformats.org"
_TYPES = (
    f'<Types xmlns="{_NAMESPACE}/package/2006/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
    '"application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def xlsx(
    path: Path, *sheets: str | Iterable[str], dates_1904: bool = False, extra: dict[str, bytes] | None = None
) -> Path:
    """A workbook whose sheets S1, S2 … hold the given XML inside ``<worksheet>``."""
    rels = f'<Relationships xmlns="{_NAMESPACE}/package/2006/relationships">'
    link = f"{_NAMESPACE}/officeDocument/2006/relationships"
    book = f'<workbook xmlns="{_NAMESPACE}/spreadsheetml/2006/main" xmlns:r="{link}">'
    book += '<workbookPr date1904="1"/>' if dates_1904 else ""
    entries = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1))
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{link}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            f'{rels}<Relationship Id="rId1" Type="{link}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr("xl/workbook.xml", f"{book}<sheets>{entries}</sheets></workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", f"{rels}{targets}</Relationships>")
        for n, sheet in enumerate(sheets, start=1):
            with archive.open(f"xl/worksheets/sheet{n}.xml", "w") as part:
                part.write(f'<worksheet xmlns="{_NAMESPACE}/spreadsheetml/2006/main">'.encode())
                for piece in [sheet] if isinstance(sheet, str) else sheet:
                    part.write(piece.encode())
                part.write(b"</worksheet>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def text(cell: str, value: str) -> str:
    """A cell with text."""
    return f'<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(number: int, *cells: str) -> str:
    """A row."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def data(*rows: str) -> str:
    """The rows of a sheet."""
    return f"<sheetData>{''.join(rows)}</sheetData>"


def ole(path: Path, name: str, stream: bytes) -> Path:
    """A compound file (MS-CFB) with one stream of 4,096 bytes or more, after padding."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat = [table, end, *range(3, sectors + 2), end]
    fat += [free] * (128 - len(fat))
    assert len(fat) == 128, "one sector of table is enough for tests"
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0,
        end, 0, 0,
    )  # fmt: skip
    header = header.ljust(512, b"\xff")

    def entry(label: str, kind: int, start: int, size: int, child: int) -> bytes:
        raw = label.encode("utf-16-le")
        head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, free, free, child)
        return head + b"\0" * 36 + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, end, 0, 1) + entry(name, 2, 2, len(stream), free)
    folder += (b"\0" * 68 + struct.pack("<III", free, free, free) + b"\0" * 48) * 2
    path.write_bytes(header + struct.pack("<128I", *fat) + folder + stream)
    return path


def xls(path: Path, cells: dict[tuple[int, int], str | float], *, locked: bool = False, errors: tuple[tuple[int, int], ...] = ()) -> Path:  # fmt: skip  # noqa: E501
    """An xls (BIFF8) of one sheet ``清单``; ``locked`` as one that asks for a password."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    label = "清单".encode("utf-16-le")
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    page = record(0x0042, struct.pack("<H", 1200))
    lock = record(0x002F, struct.pack("<HHH", 1, 1, 1) + b"\1" * 48) if locked else b""
    size = len(begin) + len(lock) + len(page) + 4 + 8 + len(label) + 4
    bound = record(0x0085, struct.pack("<IHBB", size, 0, 2, 1) + label)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    for (r, c), value in sorted(cells.items()):
        if isinstance(value, str):
            raw = value.encode("utf-16-le")
            sheet += record(0x0204, struct.pack("<HHHHB", r, c, 15, len(value), 1) + raw)
        else:
            sheet += record(0x0203, struct.pack("<HHHd", r, c, 15, value))
    for r, c in errors:
        sheet += record(0x0205, struct.pack("<HHHBB", r, c, 15, 0x2A, 1))
    return ole(path, "Workbook", begin + lock + page + bound + record(0x000A, b"") + sheet + record(0x000A, b""))


def ods(path: Path, table: str) -> Path:
    """An OpenDocument spreadsheet of one sheet ``清单`` with the given rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
            f'<table:table table:name="清单">{table}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def ods_row(*cells: str, repeated: int = 1, cell_repeated: int = 1) -> str:
    """A row of an ods; empty texts are blank cells."""
    many = f' table:number-columns-repeated="{cell_repeated}"' if cell_repeated > 1 else ""
    inner = "".join(
        f'<table:table-cell office:value-type="string"{many}><text:p>{c}</text:p></table:table-cell>'
        if c
        else f"<table:table-cell{many}/>"
        for c in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def xlsb(path: Path, rows: dict[int, dict[int, str | float]], errors: tuple[tuple[int, int], ...] = ()) -> Path:
    """A binary workbook of one sheet ``清单``: texts as values of formulas need none of the shared strings."""

    def number(value: int) -> bytes:
        out = b""
        while True:
            value, low = value >> 7, value & 0x7F
            out += bytes([low | (0x80 if value else 0)])
            if not value:
                return out

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return head + number(len(content)) + content

    def wide(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("清单"))
    book += record(144) + record(132)
    sheet = record(129) + record(148, struct.pack("<IIII", 0, 10, 0, 10)) + record(145)
    for r in sorted(rows):
        sheet += record(0, struct.pack("<IIHBBB", r, 0, 300, 0, 0, 0) + struct.pack("<I", 0))
        for c, value in sorted(rows[r].items()):
            head = struct.pack("<II", c, 0)
            if isinstance(value, str):
                sheet += record(6, head + wide(value))
            else:
                sheet += record(5, head + struct.pack("<d", value))
        for _, c in (e for e in errors if e[0] == r):
            sheet += record(3, struct.pack("<IIB", c, 0, 0x2A))
    sheet += record(146) + record(130)
    link = f"{_NAMESPACE}/officeDocument/2006/relationships"
    rels = f'<Relationships xmlns="{_NAMESPACE}/package/2006/relationships">'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES.replace("workbook.xml", "workbook.bin"))
        archive.writestr(
            "_rels/.rels",
            f'{rels}<Relationship Id="rId1" Type="{link}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'{rels}<Relationship Id="rId1" Type="{link}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path
