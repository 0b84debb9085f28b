"""Write a report as a workbook, or as the pages that become a PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from barrierfree import photos, report, workbook
from barrierfree.errors import PhotoError, ReportError, StorageError
from barrierfree.i18n import tr
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.operations.reports import ReportRequest, kind_word, made
from barrierfree.report import Picture, Report, Section
from barrierfree.store import Store

PRINT_SIDE: Final = 640  # pixels: 58 mm of paper at 280 dpi; 600 of them stay well below 60 MB
SHEET_SIDE: Final = 240  # pixels of a photo in a workbook's cell
MOST_PICTURES: Final = 3000  # in one workbook: openpyxl holds all of them until it is saved
_NOTICE_HINT: Final = (
    "请整改后在黄色栏内填写整改措施、数量、单位和完成日期并交回本表；其他栏和隐藏的编号请不要改动，不要合并单元格。"
)


def write_workbook(store: Store, wanted: ReportRequest, path: Path, progress: Progress = SILENT) -> Path:
    """Write a report as a workbook: all of it or nothing."""
    check_target(path)
    with in_words(path), made(store, wanted, progress) as found:
        count = _Counter(progress)
        content = _Pictures(store, SHEET_SIDE)
        if found.kind == "notice":
            notices = (_notice(section, content.limited) for section in found.sections)
            workbook.write_notices(path, notices, survey=found.survey, as_of=found.as_of, tick=count)
        else:
            workbook.write_tables(path, _tables(found, content.limited), count)
    return path


def write_pages(store: Store, wanted: ReportRequest, folder: Path, progress: Progress = SILENT) -> tuple[Path, ...]:
    """Write the pages of a report, to be printed to PDF, into ``folder``; the files in order."""
    with in_words(folder), made(store, wanted, progress, paper=True) as found:
        return report.write_pages(found, folder, _Pictures(store, PRINT_SIDE), _Counter(progress))


def check_target(path: Path) -> None:
    """Make the folder, and see that the file may be written; better said before the work than after it."""
    with in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():  # held open by Excel, or protected
            with path.open("ab"):
                pass


class _Counter:
    """Tells the progress that something moves, and lets it stop the work."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self) -> None:
        self._progress.check()


class _Pictures:
    """The photos of a survey, shrunk; None for one that is not there or cannot be read."""

    def __init__(self, store: Store, side: int) -> None:
        self._store = store
        self._side = side
        self._given = 0

    def __call__(self, picture: Picture) -> bytes | None:
        try:
            return photos.shrunk(self._store.photo_path(picture.sha256, picture.suffix), self._side)
        except PhotoError:
            return None

    def limited(self, pictures: Sequence[Picture]) -> tuple[bytes, ...]:
        """The same for a cell of a workbook; refuses more than one can hold."""
        found = tuple(content for content in map(self, pictures) if content is not None)
        self._given += len(found)
        if self._given > MOST_PICTURES:
            raise ReportError(
                tr("照片超过 {n} 张，一个工作簿放不下。").format(n=MOST_PICTURES),
                tr("请按社区或责任单位分开生成，或不带照片。"),
            )
        return found


_Shrink = Callable[[Sequence[Picture]], tuple[bytes, ...]]


def _tables(found: Report, shrink: _Shrink) -> Iterator[workbook.Table]:
    """A sheet per section, and behind them what the report is and how its figures were counted."""
    rules: dict[str, str] = {}
    for section in found.sections:
        said = [section.rule] if section.of or section.opens else [section.intro, section.rule]
        rules[section.title] = "\n".join(text for text in said if text)
        of = section.opens or section.of
        headers = (kind_word("site"), *section.headers) if of else section.headers
        yield workbook.Table(title=section.title, headers=headers, rows=_cells(section, shrink, of))
    when = tr("{since} 至 {until}").format(since=found.since, until=found.as_of) if found.since else found.as_of
    about = [
        (tr("报告"), found.title), (tr("普查"), found.survey), (tr("范围"), found.place),
        (tr("时段") if found.since else tr("截至"), when), (tr("数据"), tr("示例数据") if found.sample else ""),
        (tr("说明"), found.note), *rules.items(),
    ]  # fmt: skip
    yield workbook.Table(title=tr("说明"), headers=(tr("项目"), tr("内容")), rows=[row for row in about if row[1]])


def _cells(section: Section, shrink: _Shrink, of: str = "") -> Iterator[list[workbook.Value]]:
    for row in section.rows:
        cells: list[workbook.Value] = [of] if of else []
        cells += [shrink(cell) if isinstance(cell, tuple) else cell for cell in row]
        yield cells


def _notice(section: Section, shrink: _Shrink) -> workbook.Notice:
    return workbook.Notice(
        unit=section.opens, title="无障碍设施整改通知单", about=f"责任单位：{section.opens}　　{section.intro}",
        hint=_NOTICE_HINT, rows=_cells(section, shrink),
    )  # fmt: skip


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Say in words that a folder or a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            tr("报告没有写成：{path}（{reason}）").format(path=path, reason=error.strerror or error),
            tr("请检查文件夹是否可以写入、文件是否正被打开。"),
        ) from error
