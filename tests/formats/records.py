"""Made-up records for the formats: sites with answers, findings and texts as bad as they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from barrierfree import formats
from barrierfree.formats import About, Layer, Tally
from barrierfree.model.definition import Definition
from barrierfree.model.open_records import Inspected, SiteRecord
from barrierfree.model.records import Checkpoint, Finding, Inspection, Site, Slope, Verdict
from barrierfree.model.words import FindingState, Problem, Status, VerdictKind, VisitState
from barrierfree.operations.surveys import definition_named

HOSTILE = (
    "<img src=x onerror=alert(1)>", "]]>", "</script><script>", "&lt;b&gt; &amp;", "\u202e倒\u200f",
    "=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "a\x00b\x08\x0b", "行一\n行二\r\n三", '"引号",逗号;',
    "长" * 2000, "\ud800半", "😀𠀀", " ", "王芳 13900000000",
)  # fmt: skip


@cache
def sample() -> Definition:
    return definition_named("shuangjing-sample")


def site(name: str = "幸福便利店（示例）", **changes: Any) -> Site:
    values: dict[str, Any] = {
        "id": "S1", "code": "110105016001LS0001", "final_code": True, "name": name, "address": "广渠路 1 号",
        "community": "垂杨柳东里", "site_class": "storefront", "lon": 116.4612345678, "lat": 39.89, "given_x": 116.46,
        "given_y": 39.89, "datum": "wgs84", "status": Status.OPEN, "checkpoints": 1, "inspected": 1,
        "open_findings": 1, "source": "", "note": "",
    }  # fmt: skip
    return Site(**(values | changes))


def inspected(element: str, number: int = 1, missed: str = "", **answers: Any) -> Inspected:
    """A checkpoint with these answers; a slope is given as (ratio, entered)."""
    told = {k: Slope(ratio=v[0], entered=v[1]).model_dump() if isinstance(v, tuple) else v for k, v in answers.items()}
    verdicts = (Verdict(rule=missed, kind=VerdictKind.NOT_MET, measured=0.9),) if missed else ()
    inspection = Inspection(
        id=f"I{element}{number}", visit="V1", checkpoint=f"C{element}{number}", site="S1", element=element,
        number=number, person="P1", recorded_at="2026-03-02T09:00:00+08:00", checklist="", answers=told,
        verdicts=verdicts, photos=("aa" * 32,), state=VisitState.ACCEPTED, current=True,
    )  # fmt: skip
    status = Status.OPEN if missed else Status.MET
    return Inspected(
        Checkpoint(id=f"C{element}{number}", site="S1", element=element, number=number, status=status,
                   inspection=inspection.id), inspection,
    )  # fmt: skip


def finding(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "id": "F1", "site": "S1", "site_name": "", "site_code": "", "community": "", "checkpoint": "C1",
        "element": "wheelchair_ramp", "number": 1, "problem": Problem.NON_COMPLIANT, "rules": ("WR-05",),
        "severity": "high", "note": "", "state": FindingState.OPEN, "round": 1, "unit": "示例单位",
        "responsible": "", "deadline": "2026-04-01", "deadline_note": "", "measure": "", "quantity": None,
        "quantity_unit": "", "reported_at": "2026-03-02T09:00:00+08:00", "state_since": "2026-03-03T09:00:00+08:00",
        "last_step": "", "claimed_by": "", "claimed_at": "", "photos_before": (), "photos_after": (),
    }  # fmt: skip
    return Finding(**(values | changes))


def record(*elements: Inspected, findings: tuple[Finding, ...] = (), **changes: Any) -> SiteRecord:
    return SiteRecord(site(**changes), elements, findings)


def about(layer: Layer = "sites", **changes: Any) -> About:
    values: dict[str, Any] = {
        "definition": sample(), "title": "示例", "made_on": "2026-03-02", "generator": "barrierfree", "layer": layer,
    }  # fmt: skip
    return About(**(values | changes))


def everything(layer: Layer) -> About:
    """As much as may ever go along."""
    return about(layer, notes=True, with_names=True, names={"P1": "甲"}, with_photos=True, photos={"aa" * 32: "aa.jpg"})


def written(kind: str, *records: SiteRecord, told: About | None = None, tally: Tally | None = None) -> str:
    return "".join(formats.written(kind, iter(records), told or about(), tally or Tally()))


def features(kind: str, *records: SiteRecord, told: About | None = None) -> Iterator[dict[str, Any]]:
    return iter(json.loads(written(kind, *records, told=told))["features"])
