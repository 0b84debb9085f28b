"""The parts of a template (OPC, ECMA-376 part 2) and the sheets among them, looked at without changing anything."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree

from barrierfree.errors import BatchError
from barrierfree.i18n import tr
from barrierfree.workbook.sheet_scan import SheetScan
from barrierfree.workbook.strings import read_strings

_MOST_BYTES: Final = 500_000_000  # of the parts unpacked; a template with pictures has some 20 MB
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: .xls, and every workbook with a password
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
# Namespaces of the transitional and the strict form (ECMA-376 part 1, annex A; ISO/IEC 29500-1)
_RELATION_IDS: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)

# What the standard library raises for a package whose bytes or parts are not what they should be
_DAMAGES: Final = (
    zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ElementTree.ParseError, ValueError,
    KeyError,
)  # fmt: skip


@dataclass(frozen=True)
class Relation:
    """One relationship of a part: its id, the last word of its type (``worksheet``), and the part it leads to."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True)
class SheetEntry:
    """One sheet of the workbook: its name, its part, and whether it is a ``worksheet`` that people see."""

    name: str
    part: str
    kind: str
    hidden: bool
    sheet_id: int


class Package:
    """A template, opened. Raises ``BatchError`` that says why it cannot be filled."""

    def __init__(self, template: bytes) -> None:
        _refuse_other_formats(template)
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(template))
            self.names = {info.filename: info for info in self.archive.infolist()}
            if sum(info.file_size for info in self.names.values()) > _MOST_BYTES:
                raise BatchError(tr("导出模板太大。"), tr("请删去模板里不需要的工作表和图片。"))
            if len(self.names) < len(self.archive.infolist()) or self.archive.testzip():
                raise _damaged(tr("压缩包有错"))
            self._refuse_other_books()
            self.main = self._found("_rels/.rels", "officeDocument")
            self.book = self.xml(self.main)
            self.relations = tuple(self.relations_of(self.main))
            self.sheets = tuple(self._sheets())
            self.scans: dict[str, SheetScan] = {}  # by part, those that were looked through
        except _DAMAGES as error:
            raise _damaged(str(error)) from error

    def read(self, part: str) -> bytes:
        """The content of a part."""
        return self.archive.read(self.names[part])

    def xml(self, part: str) -> ElementTree.Element:
        """A part as elements."""
        content = self.read(part)
        if b"<!DOCTYPE" in content[:2000]:
            raise _damaged(tr("“{part}”里有 DOCTYPE").format(part=part))  # ECMA-376 part 2, 8.1.4: there must be none
        return ElementTree.fromstring(content)

    def relations_of(self, part: str) -> Iterator[Relation]:
        """What a part leads to inside the package."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", name + ".rels")
        if rels not in self.names:
            return
        for one in self.xml(rels):
            if one.get("TargetMode") != "External":
                target = unquote(one.get("Target", ""))
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                yield Relation(one.get("Id", ""), one.get("Type", "").rpartition("/")[2], path)

    def part_of(self, kind: str) -> str:
        """The part of the workbook of this kind (``styles``, ``sharedStrings``, ``calcChain``), '' if there is none."""
        return next((r.target for r in self.relations if r.kind == kind and r.target in self.names), "")

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        part = self.part_of("sharedStrings")
        return read_strings(self.read(part)) if part else []

    @property
    def date1904(self) -> bool:
        """Whether days are counted from 1904 (ECMA-376 part 1, 18.17.4.1)."""
        settings = next((e for e in self.book if local(e.tag) == "workbookPr"), None)
        return settings is not None and settings.get("date1904", "0") in ("1", "true")

    @property
    def suffix(self) -> str:
        """The suffix that the workbook must have: Excel refuses macros in an .xlsx."""
        return ".xlsm" if self.part_of("vbaProject") else ".xlsx"

    def defined_names(self) -> Iterator[tuple[str, int | None, str]]:
        """The defined names: name, place of the sheet it is for (None: all), what it refers to."""
        for part in self.book:
            if local(part.tag) == "definedNames":
                for one in part:
                    at = one.get("localSheetId")
                    yield one.get("name", ""), None if at is None else int(at), one.text or ""

    def _found(self, rels: str, kind: str) -> str:
        for one in self.xml(rels):
            if one.get("Type", "").rpartition("/")[2] == kind:
                return unquote(one.get("Target", "")).lstrip("/")
        raise _damaged(tr("没有工作簿部件"))

    def _sheets(self) -> Iterator[SheetEntry]:
        by_id = {r.id: r for r in self.relations}
        for part in self.book:
            if local(part.tag) != "sheets":
                continue
            for one in part:
                given = next((one.get(name) for name in _RELATION_IDS if one.get(name)), "") or ""
                relation = by_id.get(given)
                if relation is None or relation.target not in self.names:
                    raise _damaged(tr("找不到工作表“{name}”的部件").format(name=one.get("name", "")))
                hidden = one.get("state", "visible") != "visible"
                sheet_id = int(one.get("sheetId", "0"))
                yield SheetEntry(one.get("name", ""), relation.target, relation.kind, hidden, sheet_id)

    def _refuse_other_books(self) -> None:
        if "mimetype" in self.names:
            raise _save_as("ODF (.ods)")
        types = self.read("[Content_Types].xml")
        if b"sheet.binary.macroEnabled" in types:
            raise _save_as(".xlsb")
        if b"spreadsheetml.template.main" in types or b"template.macroEnabled.main" in types:
            raise _save_as(".xltx")


def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def read_template(path: Path) -> bytes:
    """The template at ``path``. Raises ``BatchError`` if it cannot be read or is none."""
    if path.name.startswith("~$"):
        raise BatchError(
            tr("“{name}”是 Excel 打开文件时的锁文件，不是模板。").format(name=path.name),
            tr("请选择“{name}”，并先在 Excel 里关闭它。").format(name=path.name[2:]),
        )
    try:
        template = path.read_bytes()
    except PermissionError:
        raise BatchError(
            tr("打不开模板“{name}”。").format(name=path.name), tr("如果它正在 Excel 里打开，请先关闭。")
        ) from None
    except OSError as error:
        raise BatchError(
            tr("读不了模板“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件的位置。"),
        ) from error
    Package(template)
    return template


def _refuse_other_formats(template: bytes) -> None:
    if not template:
        raise BatchError(tr("普查里没有导出模板。"), tr("请在“批次”页载入模板工作簿（.xlsx）。"))
    if template.startswith(_COMPOUND):
        if _ENCRYPTED in template:
            raise BatchError(tr("导出模板有打开密码。"), tr("请在 Excel 里打开，去掉密码后另存为 .xlsx，再重新载入。"))
        raise _save_as(".xls")
    if not template.startswith(b"PK"):
        raise _damaged(tr("不是 .xlsx 文件"))


def _save_as(form: str) -> BatchError:
    return BatchError(
        tr("导出模板是 {form} 格式。").format(form=form),
        tr("请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”，再重新载入。"),
    )


def _damaged(why: str) -> BatchError:
    return BatchError(
        tr("导出模板打不开：{error}").format(error=why), tr("请用 Excel 打开模板，另存为 .xlsx 后重新载入。")
    )
