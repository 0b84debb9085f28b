"""What the fields of a profile are called on screen, in groups by what they are about."""

from __future__ import annotations

from typing import Final

from barrierfree.i18n import mark
from barrierfree.workbook import RowKind, fields_of

GROUPS: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        mark("编号"),
        (
            ("serial", mark("序号")), ("site_code", mark("点位编号")), ("checkpoint_code", mark("元素编号")),
            ("finding_code", mark("问题编号")), ("city_number", mark("市系统编号")), ("batch", mark("批次编号")),
        ),
    ),
    (
        mark("点位"),
        (
            ("site_name", mark("点位名称")), ("site_class", mark("场所类别")), ("key_area", mark("重点领域")),
            ("address", mark("详细地址")), ("note", mark("点位备注")),
        ),
    ),
    (
        mark("所在地区"),
        (
            ("city", mark("市")), ("district", mark("区")), ("street", mark("街道")), ("community", mark("社区")),
            ("community_code", mark("社区代码")), ("grid", mark("网格")), ("lon", mark("经度")), ("lat", mark("纬度")),
            ("datum", mark("坐标系名称")),
        ),
    ),
    (
        mark("检查"),
        (
            ("element", mark("元素类型")), ("number", mark("同类元素的序号")), ("due", mark("是否应建")),
            ("present", mark("现状")), ("measured", mark("实测值")), ("limits", mark("不满足的限值")),
            ("verdict", mark("判定")), ("clauses", mark("不满足的条款")), ("surveyor", mark("普查人")),
            ("surveyed_on", mark("普查日期")), ("accepted_by", mark("审核人")),
        ),
    ),
    (
        mark("问题"),
        (
            ("problem", mark("问题类型")), ("description", mark("问题描述")), ("severity", mark("严重程度")),
            ("photos_before", mark("整改前照片")), ("photos_after", mark("整改后照片")),
        ),
    ),
    (
        mark("整改"),
        (
            ("unit", mark("责任单位")), ("responsible", mark("责任人")), ("measure", mark("整改措施")),
            ("quantity", mark("数量")), ("quantity_unit", mark("数量单位")), ("method", mark("整改方式")),
            ("deadline", mark("计划完成日期")), ("done_on", mark("实际完成日期")), ("state", mark("整改状态")),
            ("closed_by", mark("验收人")), ("closed_on", mark("验收日期")), ("conclusion", mark("验收结论")),
            ("return_reason", mark("退回原因")),
        ),
    ),
    (
        mark("点位合计"),
        (
            ("elements", mark("元素个数")), ("elements_met", mark("达标元素个数")),
            ("elements_not_met", mark("不达标元素个数")), ("element_words", mark("元素类型和个数")),
            ("findings", mark("问题个数")), ("findings_open", mark("未销号问题个数")),
            ("findings_closed", mark("已销号问题个数")),
        ),
    ),
)  # fmt: skip
NAMES: Final = {field: name for _, fields in GROUPS for field, name in fields}
ROW_KINDS: Final[tuple[tuple[RowKind, str], ...]] = (
    ("site", mark("每个点位一行")),
    ("checkpoint", mark("每个检查点一行")),
    ("finding", mark("每个问题一行")),
)


def groups_of(rows: RowKind) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The groups with the fields that a row of this kind has."""
    known = fields_of(rows)
    kept = ((group, tuple(pair for pair in fields if pair[0] in known)) for group, fields in GROUPS)
    return tuple((group, fields) for group, fields in kept if fields)
