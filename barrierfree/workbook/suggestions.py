"""Proposes the columns of a template's sheet: its titles paired with our fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz, process

from barrierfree.workbook.fields import NUMBER_FIELDS, RowKind, fields_of
from barrierfree.workbook.profile import Column, Sheet, column_number
from barrierfree.workbook.template_headers import HeaderColumn, SheetHeaders

# Words of titles seen in Chinese ledgers and inspection workbooks (domain.md 2.3) for each of our fields
TITLE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "serial": ("序号", "行号", "No"),
    "batch": ("批次", "批次号", "批次编号"),
    "site_code": ("点位编号", "点位编码", "点位代码", "设施编号", "部件编码", "标识码"),
    "city_number": ("市系统编号", "系统编号", "平台编号"),
    "city": ("市", "城市", "所属城市"),
    "district": ("区", "区县", "所属区", "所属区域", "行政区"),
    "street": ("街道", "街道乡镇", "属地街道", "所属街道", "街乡镇"),
    "community": ("社区", "所属社区", "社区村", "居委会"),
    "community_code": ("社区代码", "社区编码"),
    "grid": ("网格", "网格编码", "所属网格"),
    "site_name": ("点位名称", "名称", "场所名称", "单位名称", "设施名称", "部件名称", "项目名称"),
    "site_class": ("场所类别", "场所类型", "点位类别", "点位类型", "类别"),
    "key_area": ("重点领域", "领域"),
    "address": ("详细地址", "地址", "具体位置", "位置", "位置描述"),
    "lon": ("经度", "X坐标", "东经"),
    "lat": ("纬度", "Y坐标", "北纬"),
    "datum": ("坐标系", "坐标系统", "坐标基准"),
    "checkpoint_code": ("元素编号", "元素编码", "设施编码"),
    "finding_code": ("问题编号", "问题编码", "编号"),
    "element": ("元素类型", "设施类型", "设施类别", "元素名称", "无障碍设施"),
    "number": ("同类序号", "元素序号"),
    "due": ("是否应建", "应建"),
    "present": ("现状", "现状有无", "有无", "是否有"),
    "measured": ("实测值", "测量值", "实测数据"),
    "limits": ("标准限值", "标准值", "限值", "标准要求"),
    "clauses": ("依据条款", "条款", "标准条款", "依据"),
    "verdict": ("判定", "是否达标", "结论", "检查结果"),
    "problem": ("问题类型", "问题类别", "病害类型"),
    "description": ("问题描述", "问题标题", "存在问题", "描述", "问题"),
    "severity": ("严重程度", "严重性", "等级"),
    "photos_before": ("整改前照片", "问题照片", "现场照片", "照片"),
    "photos_after": ("整改后照片",),
    "unit": ("责任单位", "整改单位", "所属部门", "产权单位"),
    "responsible": ("责任人", "整改责任人"),
    "measure": ("整改措施", "措施"),
    "quantity": ("数量", "工程量"),
    "quantity_unit": ("单位", "数量单位", "计量单位"),
    "method": ("整改方式", "整改类型"),
    "deadline": ("计划完成时间", "完成时限", "整改期限", "整改时限", "计划完成日期"),
    "done_on": ("实际完成时间", "完成时间", "实际完成日期", "销号时间"),
    "state": ("整改状态", "状态", "整改情况"),
    "accepted_by": ("审核人", "复核人"),
    "closed_by": ("验收人",),
    "closed_on": ("验收时间", "验收日期"),
    "conclusion": ("验收结论", "验收结果", "复核结果"),
    "return_reason": ("退回原因", "驳回意见", "驳回原因"),
    "surveyor": ("普查人", "调查人", "检查人", "填报人", "采集人"),
    "surveyed_on": ("普查时间", "调查时间", "检查时间", "普查日期", "采集时间"),
    "note": ("备注", "说明"),
    "elements": ("元素数", "元素个数", "设施数"),
    "elements_met": ("达标数", "达标个数", "达标元素数"),
    "elements_not_met": ("不达标数", "不达标个数", "不达标元素数"),
    "element_words": ("元素清单", "设施清单"),
    "findings": ("问题数", "问题总数", "问题个数"),
    "findings_open": ("未整改数", "未销号数", "未完成"),
    "findings_closed": ("已整改数", "已销号数", "已完成"),
}
_ALIKE: Final = 80  # of 100, rapidfuzz's ratio: one character of four may differ (经度值, 整改措施说明 do not pass)
_REMARK: Final = re.compile(r"[（(][^）)]*[）)]|[*:：\s]|必填|选填")
_NUMBERED: Final = re.compile(r"^\s*(\d{1,2}\s*[.、)]|[（(]\d{1,2}[）)])")  # "1.点位编号", "（3）地址"


def suggest_sheet(found: SheetHeaders) -> Sheet | None:
    """The columns of one sheet that were recognised; None if none was."""
    kind = _rows(found)
    columns = tuple(_columns(found.columns, kind))
    if not columns:
        return None
    return Sheet(
        name=found.name, rows=kind, header_row=found.header_row, header_rows=found.header_rows,
        first_row=found.first_row, columns=columns,
    )  # fmt: skip


def suggest_field(title: str, fields: Iterable[str]) -> str:
    """The field that a title means, '' if none is like it."""
    words = {word: field for field in fields for word in TITLE_WORDS.get(field, ())}
    for text in (title, title.rpartition("/")[2]):  # of two lines the lower says it
        bare = _bare(text).upper()
        if bare in words:
            return words[bare]
    best = process.extractOne(_bare(title.rpartition("/")[2]), list(words), scorer=fuzz.ratio)
    return words[best[0]] if best and best[1] >= _ALIKE else ""


def _bare(title: str) -> str:
    """A title without numbering, remarks in brackets and marks; full-width letters and digits as usual ones."""
    return _REMARK.sub("", _NUMBERED.sub("", unicodedata.normalize("NFKC", title)))


def _rows(found: SheetHeaders) -> RowKind:
    """A row per finding where problems and their handling are asked, per checkpoint where elements are, or per site."""
    fields = {suggest_field(column.title, TITLE_WORDS) for column in found.columns}
    if fields & {"finding_code", "description", "unit", "state", "deadline", "measure"}:
        return "finding"
    return "checkpoint" if fields & {"checkpoint_code", "element", "present", "measured"} else "site"


def _columns(found: Iterable[HeaderColumn], kind: RowKind) -> Iterable[Column]:
    taken: set[str] = set()
    before = 0
    for column in found:
        field = suggest_field(column.title, (f for f in fields_of(kind) if f not in taken))
        if not field:
            continue
        taken.add(field)
        at = column_number(column.letter)
        yield Column(
            header=column.title, letter="" if at == before + 1 else column.letter, field=field,
            format="number" if column.format == "number" and field in NUMBER_FIELDS else "",
            required="*" in column.title or "＊" in column.title or "必填" in column.title,
            decimals=6 if field in ("lon", "lat") else None,
        )  # fmt: skip
        before = at
