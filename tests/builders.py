"""Small, real surveys for tests: a definition of two elements, a store, a clock that moves when told."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from barrierfree.coordinates import position
from barrierfree.model.definition import (
    Area,
    Checklist,
    Choice,
    Community,
    Definition,
    ElementType,
    Question,
    Rule,
    SiteClass,
    Text,
)
from barrierfree.model.records import NewInspection, NewSite, NewVisit, ReportedProblem, Verdict
from barrierfree.model.words import Force, Outcome, Problem, SourceMark, VerdictKind
from barrierfree.store import Store

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
YES_NO = (Choice(name="yes", label=Text(zh="有")), Choice(name="no", label=Text(zh="无")))


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def definition() -> Definition:
    ramp = ElementType(
        code="wheelchair_ramp",
        label=Text(zh="轮椅坡道", en="Wheelchair ramp"),
        questions=(
            Question(name="present", kind="select_one", label=Text(zh="是否设置"), choices=YES_NO, core=True),
            Question(name="clear_width", kind="decimal", label=Text(zh="净宽"), unit="m", quantity="length_m"),
        ),
    )
    door = ElementType(
        code="door",
        label=Text(zh="门", en="Door"),
        questions=(Question(name="present", kind="select_one", label=Text(zh="是否设置"), choices=YES_NO, core=True),),
    )
    rule = Rule(
        id="WR-05", element="wheelchair_ramp", question="clear_width", comparison=">=", value=1.2,
        label=Text(zh="净宽"), clause="2.3.2", edition="GB 55019-2021",
        force=Force.MANDATORY, mark=SourceMark.SECONDARY,
    )  # fmt: skip
    return Definition(
        name="test",
        title=Text(zh="测试普查（示例）"),
        sample=True,
        area=Area(
            code="110105016", city="北京市", district="朝阳区", street="双井街道",
            communities=(
                Community(name="垂杨柳东里", code="110105016001"),
                Community(name="富力", code="110105016009"),
            ),
            outline={"type": "Polygon", "coordinates": [[[116.43, 39.88], [116.49, 39.88], [116.49, 39.91],
                                                         [116.43, 39.91], [116.43, 39.88]]]},
        ),
        classes=(
            SiteClass(code="storefront", letters="LS", label=Text(zh="临街门店"), elements=("wheelchair_ramp", "door")),
        ),
        checklist=Checklist(title=Text(zh="测试"), version="1", elements=(ramp, door), rules=(rule,)),
    )  # fmt: skip


def survey(path: Path, clock: Clock | None = None, device: str = "device-a") -> Store:
    return Store.new(path, definition(), device=device, clock=clock or Clock())


def new_site(key: str, name: str = "幸福便利店（示例）", community: str = "垂杨柳东里", lon: float = 116.46) -> NewSite:
    return NewSite(
        key=key, name=name, address="广渠路 1 号", community=community, site_class="storefront",
        position=position(lon, 39.89, "wgs84"),
    )  # fmt: skip


def inspection(width: float, photos: tuple[str, ...] = ()) -> NewInspection:
    met = width >= 1.2
    kind = VerdictKind.MET if met else VerdictKind.NOT_MET
    problems = () if met else (ReportedProblem(problem=Problem.NON_COMPLIANT, rules=("WR-05",)),)
    return NewInspection(
        element="wheelchair_ramp", answers={"present": "yes", "clear_width": width}, photos=photos,
        verdicts=(Verdict(rule="WR-05", kind=kind, measured=width),), problems=problems,
    )  # fmt: skip


def visit(site: str, *inspections: NewInspection, outcome: Outcome = Outcome.DONE, reason: str = "") -> NewVisit:
    return NewVisit(site=site, outcome=outcome, reason=reason, inspections=inspections)
