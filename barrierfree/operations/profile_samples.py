"""Invented values (示例) of every field: what the profile editor shows while a survey has no accepted work."""

from __future__ import annotations

from typing import Final

from barrierfree.workbook import Values

SAMPLE_VALUES: Final[Values] = {
    "serial": 1, "batch": "2026-001", "site_code": "110105016001-LS-0001", "city_number": "", "city": "北京市",
    "district": "朝阳区", "street": "双井街道", "community": "垂杨柳东里", "community_code": "110105016001",
    "grid": "第一网格", "site_name": "幸福便利店（示例）", "site_class": "临街门店", "key_area": "商业服务",
    "address": "广渠路 1 号（示例）", "lon": 116.460001, "lat": 39.890001, "datum": "CGCS2000", "problem": "不合规",
    "photos_before": "110105016001-LS-0001-01_前1.jpg", "photos_after": "110105016001-LS-0001-01_后1.jpg",
    "verdict": "不达标", "clauses": "GB 55019-2021 2.3.2", "accepted_by": "示例乙", "surveyor": "示例甲",
    "surveyed_on": "2026-03-02", "note": "示例", "elements": 2, "elements_met": 1, "elements_not_met": 1,
    "element_words": "轮椅坡道 1、门 1", "findings": 1, "findings_open": 0, "findings_closed": 1,
    "checkpoint_code": "110105016001-LS-0001-01", "finding_code": "110105016001-LS-0001-01-P1",
    "element": "轮椅坡道", "number": 1, "due": "是", "present": "有", "measured": "净宽 0.95 m",
    "limits": "净宽 ≥ 1.20 m", "description": "净宽 0.95 m，不足 1.20 m", "severity": "中", "unit": "示例单位",
    "responsible": "示例丙", "measure": "加宽坡道", "quantity": 1, "quantity_unit": "处", "method": "工程改造",
    "deadline": "2026-06-30", "done_on": "2026-06-20", "state": "已整改", "closed_by": "示例乙",
    "closed_on": "2026-06-21", "conclusion": "复检合格，销号", "return_reason": "",
}  # fmt: skip
