"""The map on paper, as files: what the picture holds, the PDF with its list, giving up, refusals."""

from __future__ import annotations

import math
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from barrierfree import symbols
from barrierfree.gui.map_making import print_map
from barrierfree.gui.map_page import MapPage
from barrierfree.gui.map_picture import Extras, frame_of
from barrierfree.gui.map_print_dialog import MapPrintDialog
from barrierfree.gui.tokens import LIGHT
from barrierfree.model.words import Status
from barrierfree.operations.map_paper import MARGIN_MM, MapWanted, Projection, box_of
from barrierfree.operations.progress import Progress
from barrierfree.store import Store
from tests.basemaps.files import mbtiles, picture
from tests.gui.program import running
from tests.gui.test_map_tools import SPOTS, look, opened, path

pytestmark = pytest.mark.slow
__all__ = ["path"]


def dialog(qtbot: QtBot, page: MapPage, **choices: str) -> MapPrintDialog:
    page.printing = None
    page.print_map()
    qtbot.waitUntil(lambda: page.printing is not None, timeout=10000)
    made = page.printing
    assert isinstance(made, MapPrintDialog)
    for name, value in choices.items():
        getattr(made, name).set_value(value)
    return made


def write(qtbot: QtBot, made: MapPrintDialog, file: Path) -> None:
    said: list[Any] = []
    made.made.connect(lambda text, _folder: said.append(text))
    made.write_to(file)
    qtbot.waitUntil(lambda: bool(said), timeout=30000)


def plain(document: QPdfDocument, page: int) -> str:
    """The text of a page; the font gives some letters back as their look-alikes."""
    return unicodedata.normalize("NFKC", document.getAllText(page).text())


def is_ink(colour: QColor, wanted: str) -> bool:
    other = QColor(wanted)
    return max(abs(colour.red() - other.red()), abs(colour.green() - other.green()),
               abs(colour.blue() - other.blue())) < 24  # fmt: skip


def test_a_picture_has_its_size_scale_legend_and_sites(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        look(qtbot, page, *SPOTS["ramp"], 17)
        made = dialog(qtbot, page, kind="png", paper="A4", dpi="300")
        wanted, view = made.wanted, made.wanted.view
        assert view is not None
        file = tmp_path / "图.png"
        write(qtbot, made, file)
        image = QImage(str(file))
        assert (image.width(), image.height()) == (3508, 2480)
        assert image.dotsPerMeterX() == round(300 / 0.0254)
        projection = Projection.fit(view, frame_of(wanted, 0))
        dot = 300 / 25.4
        for lon, lat in SPOTS.values():
            x, y = projection.place(lon, lat)
            spot = [image.pixelColor(round(x * dot + dx), round(y * dot)) for dx in range(-20, 21)]
            assert any(is_ink(c, symbols.symbol(Status.NOT_SURVEYED).colour("light")) for c in spot), (lon, lat)
        metres, length = projection.bar()
        row = round((MARGIN_MM + 12.1) * dot)
        dark = [x for x in range(image.width()) if is_ink(image.pixelColor(x, row), LIGHT.ink)]
        begin = next(x for x in dark if x > image.width() * 0.6)
        bar = [
            x for n, x in enumerate(x for x in dark if x >= begin) if x == begin + n
        ]  # the letter of the north follows
        assert len(bar) == pytest.approx(length * dot, abs=2), "the bar is as long as its metres are"
        assert metres * 1000 / projection.ratio == pytest.approx(len(bar) / dot, rel=0.01)
        left, top, _width, height = projection.frame
        legend = image.copy(round(left * dot), round((top + height + 2) * dot), round(40 * dot), round(6 * dot))
        drawn = sum(
            is_ink(legend.pixelColor(x, y), symbols.symbol(Status.NOT_SURVEYED).colour("light"))
            for x in range(0, legend.width(), 2) for y in range(0, legend.height(), 2)
        )  # fmt: skip
        assert drawn > 20, "the legend shows the sign"
        assert (tmp_path / "图-名单.png").is_file(), "few sites are named by numbers"
        assert not list(tmp_path.glob("*.part"))
        assert page.map.blocker.blocked == []


def test_a_pdf_has_a_list_behind_the_map(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        page.list.panel.states[Status.NOT_SURVEYED].toggle()
        made = dialog(qtbot, page, kind="pdf", paper="A3", side="portrait", what="all")
        made.title.setText("无障碍设施分布")
        write(qtbot, made, tmp_path / "图.pdf")
        document = QPdfDocument()
        document.load(str(tmp_path / "图.pdf"))
        assert document.pageCount() == 2
        size = document.pagePointSize(0)
        assert (round(size.width() * 25.4 / 72), round(size.height() * 25.4 / 72)) == (297, 420)
        text = plain(document, 0)
        for part in ("无障碍设施分布（示例）", "筛选：未普查", "比例尺 1:", "未普查 4", "图上 4 个点位", "编造的"):
            assert unicodedata.normalize("NFKC", part) in text, part
        assert unicodedata.normalize("NFKC", "ramp（示例）（未普查）") in plain(document, 1)
        document.close()


def test_a_printer_takes_the_same_sheets(path: Path, tmp_path: Path, qapp: QApplication) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "打印.pdf"))
    wanted = MapWanted(title="双井", paper="A4", what="all")
    with Store.open(path, read_only=True) as store:
        projection = Projection.fit(box_of(store, wanted), frame_of(wanted, 0))
        made = print_map(store, Progress(), wanted, projection, Extras(), printer, printer.resolution())
    assert made.sites == 4
    document = QPdfDocument()
    document.load(str(tmp_path / "打印.pdf"))
    assert document.pageCount() == 2
    assert document.pagePointSize(0).width() > document.pagePointSize(0).height()
    assert "图上 4 个点位" in plain(document, 0)
    document.close()


def test_closing_gives_up_and_a_folder_that_takes_nothing_is_said(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        made = dialog(qtbot, page, kind="png", what="all")
        made.write_to(tmp_path / "不要.png")
        QTest.keyClick(made, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not page.list._context.tasks.is_busy, timeout=20000)
        assert not list(tmp_path.glob("不要*"))
        made = dialog(qtbot, page, kind="png", what="all")
        (tmp_path / "占着.png").mkdir()
        made.write_to(tmp_path / "占着.png")
        qtbot.waitUntil(lambda: "没有写成" in made.fault.text(), timeout=20000)
        assert made.confirm.isEnabled()
        assert not list(tmp_path.glob("*.part"))
        made.reject()


def test_the_basemap_lies_where_the_sites_do(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    zoom, colours = 15, ("#D00000", "#0000D0")
    columns = [math.floor((lon / 360 + 0.5) * 2**zoom) for lon in (116.43, 116.49)]
    rows = [math.floor(_row(lat) * 2**zoom) for lat in (39.91, 39.88)]
    tiles = {
        (zoom, x, y): picture(colours[(x + y) % 2])
        for x in range(columns[0], columns[1] + 1) for y in range(rows[0], rows[1] + 1)
    }  # fmt: skip
    folder = tmp_path / "home" / "basemaps"
    folder.mkdir(parents=True)
    mbtiles(
        folder / "格子.mbtiles", tiles, name="格子", format="png", bounds="116.42,39.87,116.5,39.92", minzoom="15",
        maxzoom="15", attribution="测绘队（示例）",
    )  # fmt: skip
    with running(qtbot, path, tmp_path / "home", basemap="格子.mbtiles", theme="dark") as program:
        page = opened(qtbot, program)
        look(qtbot, page, *SPOTS["ramp"], 15.5)
        made = dialog(qtbot, page, kind="png", dpi="150")
        projection = Projection.fit(made.wanted.view or page.map.bounds, frame_of(made.wanted, 0))
        write(qtbot, made, tmp_path / "图.png")
        image, dot = QImage(str(tmp_path / "图.png")), 150 / 25.4
        x, y = columns[0] + (columns[1] - columns[0]) // 2, rows[0] + (rows[1] - rows[0]) // 2
        for column in (x, x + 1):  # on both sides of an edge between two tiles
            left, top = projection.at(column / 2**zoom, (y + 0.25) / 2**zoom)
            for beside, wanted in ((-4, column - 1), (4, column)):
                colour = image.pixelColor(round(left * dot) + beside, round(top * dot))
                red = (wanted + y) % 2 == 0
                assert (colour.red() > colour.blue() + 60) == red, (column, beside, colour.name())
                assert (colour.blue() > colour.red() + 60) == (not red), (column, beside, colour.name())
        assert page.map.blocker.blocked == []


def _row(lat: float) -> float:
    """South of the edge of the web map's world, in parts of it."""
    return 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def test_the_frame_leaves_room_for_the_legend() -> None:
    for paper in ("A4", "A3"):
        for landscape in (True, False):
            wanted = MapWanted(title="t", paper=paper, landscape=landscape)
            _left, top, _width, height = frame_of(wanted, 3)
            assert height > 0.55 * wanted.size[1]
            assert top + height < wanted.size[1] - 30
