"""The fields a profile can put into a column, each with what it holds."""

from __future__ import annotations

from typing import Final

Values = dict[str, str | float | int | None]

# Name in a profile: what it holds (shown in the profile editor and the documentation).
FIELDS: Final[dict[str, str]] = {
    "serial": "序号，从 1 起",
    "site_code": "点位编号",
    "checkpoint_code": "元素编号：点位编号加 -NN",
    "city": "市",
    "district": "区",
    "street": "街道",
    "community": "社区",
    "community_code": "社区代码（12 位）",
    "site_name": "点位名称",
    "site_class": "场所类别",
    "key_area": "重点领域",
    "address": "详细地址",
    "lon": "经度（按 datum 换算）",
    "lat": "纬度（按 datum 换算）",
    "datum": "坐标系名称",
    "element": "元素类型",
    "number": "同类元素的序号",
    "present": "现状：有、无、不适用",
    "measured": "实测值，逐项写明",
    "limits": "不满足的标准限值",
    "clauses": "依据条款",
    "verdict": "判定：达标或不达标",
    "problem": "问题类型",
    "description": "问题描述",
    "severity": "严重程度",
    "photos_before": "整改前照片的文件名",
    "unit": "责任单位",
    "responsible": "责任人",
    "measure": "整改措施",
    "quantity": "数量",
    "quantity_unit": "数量单位",
    "method": "整改方式：立查立改、工程改造、软服务",
    "deadline": "计划完成时间",
    "done_on": "实际完成时间（销号日期）",
    "state": "整改状态",
    "photos_after": "整改后照片的文件名",
    "accepted_by": "审核人",
    "closed_by": "验收人",
    "closed_on": "验收时间",
    "conclusion": "验收结论",
    "return_reason": "退回原因",
    "surveyor": "普查人",
    "surveyed_on": "普查时间",
    "note": "备注",
}
