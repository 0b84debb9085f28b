"""A small survey whose city takes two sheets: a row per site and a row per finding."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from PIL import Image

from barrierfree.model.definition import Definition
from barrierfree.model.records import NewSite, Photo, StepRequest
from barrierfree.model.words import FindingState
from barrierfree.store import SiteFilter, Store
from tests import builders
from tests.builders import Clock, inspection, visit

PROFILE = """
name = "test-city"
title = "测试市系统"
datum = "gcj02"
decimals = 6
photo_name = "{code}_{kind}{n}.jpg"

[code_tables.states]
"未整改" = "01"
"整改中" = "02"
"待验收" = "03"
"已整改" = "04"
"软服务" = "05"
"不属实" = "06"

[answer]
field = "finding_code"
code = "编号"
state = "结果"
reason = "原因"
city_number = "市编号"

[[sheets]]
name = "点位"
rows = "site"
columns = [
  { header = "点位编号", field = "site_code", required = true, unique = true },
  { header = "名称", field = "site_name", required = true },
  { header = "经度", field = "lon", decimals = 6 },
  { header = "纬度", field = "lat", decimals = 6 },
  { header = "问题数", field = "findings" },
  { header = "普查日期", field = "surveyed_on" },
]

[[sheets]]
name = "问题"
rows = "finding"
columns = [
  { header = "序号", field = "serial" },
  { header = "编号", expression = "if(${finding_code} != '', ${finding_code}, ${checkpoint_code})", required = true },
  { header = "元素", field = "element" },
  { header = "问题", field = "problem" },
  { header = "责任单位", field = "unit", max_length = 20 },
  { header = "状态", field = "state", code_table = "states" },
  { header = "照片", field = "photos_before" },
]
"""


def template(sheets: Sequence[tuple[str, Sequence[str]]] = ()) -> bytes:
    """A workbook with the titles that ``PROFILE`` expects."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, headers in sheets or (
        ("点位", ("点位编号", "名称", "经度", "纬度", "问题数", "普查日期")),
        ("问题", ("序号", "编号", "元素", "问题", "责任单位", "状态", "照片")),
    ):
        book.create_sheet(name).append(list(headers))
    frame = io.BytesIO()
    book.save(frame)
    return frame.getvalue()


def definition(profile: str = PROFILE, book: bytes = b"") -> Definition:
    made = builders.definition()
    content = base64.b64encode(book or template()).decode()
    return made.model_copy(update={"profile": profile, "template": content})


def city_survey(path: Path, clock: Clock, sites: int = 3, profile: str = PROFILE, device: str = "device-a") -> Store:
    """A survey with sites a, b, c …, nothing inspected."""
    store = Store.new(path, definition(profile), device=device, clock=clock)
    names = ("幸福便利店（示例）", "光环药房（示例）", "富力餐厅（示例）")
    new: list[NewSite] = [
        builders.new_site(
            chr(97 + at), names[at % 3] if at < 3 else f"{names[at % 3]}{at}", ("垂杨柳东里", "富力")[at % 2],
            116.45 + at / 10_000,
        )
        for at in range(sites)
    ]  # fmt: skip
    store.add_sites(new, person="p")
    return store


def photo(store: Store, shade: int) -> Photo:
    """A real picture kept beside the survey."""
    frame = io.BytesIO()
    Image.new("RGB", (8, 8), (shade % 256, 90, 120)).save(frame, "JPEG")
    content = frame.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    store.keep_photo_file(sha256, ".jpg", content)
    return Photo(sha256=sha256, suffix=".jpg", width=8, height=8)


def site(store: Store, text: str = "幸福") -> str:
    return store.sites(SiteFilter(text=text))[0].id


def accepted(
    store: Store, clock: Clock, text: str = "幸福", width: float = 0.95, photos: Sequence[Photo] = ()
) -> tuple[str, ...]:
    """An accepted inspection of the ramp; the findings that came of it."""
    seen = inspection(width, tuple(p.sha256 for p in photos))
    made = store.submit_visit(visit(site(store, text), seen), person="anna", photos=photos)
    clock.move(hours=1)
    store.review_visit(made.visit, accept=True, person="boss")
    clock.move(hours=1)
    return made.findings


GIVEN = StepRequest(to=FindingState.IN_PROGRESS, unit="示例单位", deadline="2026-04-01")
