"""The fields a profile can put into a column, each with what it holds, and the rows that have them."""

from __future__ import annotations

from typing import Final, Literal

RowKind = Literal["site", "checkpoint", "finding"]
Values = dict[str, str | float | int | None]

# Name in a profile: what it holds (shown in the profile editor and the documentation). Texts are Chinese whatever the
# interface speaks; what is not there is None or ''.
_EVERYWHERE: Final[dict[str, str]] = {
    "serial": "序号：在这张工作表里是第几行，从 1 起，分成几个文件时连着编（写出时编，不用给）",
    "batch": "批次编号",
    "site_code": "点位编号",
    "city_number": "市系统给的编号，还没有时为空",
    "city": "市",
    "district": "区",
    "street": "街道",
    "community": "社区",
    "community_code": "社区代码（12 位）",
    "grid": "网格",
    "site_name": "点位名称",
    "site_class": "场所类别",
    "key_area": "重点领域",
    "address": "详细地址",
    "lon": "经度（按 datum 换算）",
    "lat": "纬度（按 datum 换算）",
    "datum": "坐标系名称",
    "problem": "问题类型；按点位一行时为其下各种问题类型，以顿号分开",
    "photos_before": "整改前照片的文件名，以顿号分开；没有问题时为普查照片",
    "photos_after": "整改后照片的文件名，以顿号分开",
    "verdict": "判定：达标或不达标；按点位一行时，有一个元素不达标即不达标",
    "clauses": "不满足的条款；按点位一行时为其下各条款",
    "accepted_by": "审核人",
    "surveyor": "普查人",
    "surveyed_on": "普查日期；按点位一行时为最近一次",
    "note": "点位的备注",
}
_OF_SITES: Final[dict[str, str]] = {
    "elements": "已审核通过的元素个数",
    "elements_met": "其中达标的个数",
    "elements_not_met": "其中不达标的个数",
    "element_words": "元素类型和个数，如“无障碍出入口 1、轮椅坡道 2”",
    "findings": "问题个数",
    "findings_open": "其中未销号的个数",
    "findings_closed": "其中已销号的个数",
}
_BELOW_SITES: Final[dict[str, str]] = {
    "checkpoint_code": "元素编号：点位编号加 -NN",
    "finding_code": "问题编号：元素编号加 -P 和该元素的第几个问题，没有问题时为空",
    "element": "元素类型",
    "number": "同类元素的序号",
    "due": "是否应建：是或否，按场所类别应有的元素判断",
    "present": "现状：有、无、不适用",
    "measured": "实测值，逐项写明",
    "limits": "不满足的标准限值",
    "description": "问题描述",
    "severity": "严重程度：高、中、低",
    "unit": "责任单位",
    "responsible": "责任人",
    "measure": "整改措施",
    "quantity": "数量",
    "quantity_unit": "数量单位",
    "method": "整改方式：立查立改、工程改造、软服务",
    "deadline": "计划完成日期",
    "done_on": "实际完成日期（销号日期）",
    "state": "整改状态",
    "closed_by": "验收人",
    "closed_on": "验收日期",
    "conclusion": "验收结论",
    "return_reason": "退回原因",
}
FIELDS: Final[dict[str, str]] = _EVERYWHERE | _BELOW_SITES | _OF_SITES
# Fields whose values are ISO dates ("2026-03-05"): written as real dates or in the profile's date_format.
DATE_FIELDS: Final = frozenset({"surveyed_on", "deadline", "done_on", "closed_on"})
# Fields whose values are numbers.
NUMBER_FIELDS: Final = frozenset(
    {"serial", "lon", "lat", "number", "quantity", "elements", "elements_met", "elements_not_met", "findings",
     "findings_open", "findings_closed"}
)  # fmt: skip


def fields_of(rows: RowKind) -> dict[str, str]:
    """The fields that a row of this kind has; a row per checkpoint holds its open finding, if it has one."""
    return _EVERYWHERE | (_OF_SITES if rows == "site" else _BELOW_SITES)
