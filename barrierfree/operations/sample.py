"""Makes the sample survey: invented sites inside the outline, a part of them surveyed, every state present.

The same definition and seed give the same survey. Businesses and people are invented, look so, and are marked 示例.
"""

from __future__ import annotations

import hashlib
import io
import random
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

from barrierfree import checklists, coordinates
from barrierfree.errors import DefinitionError
from barrierfree.i18n import tr
from barrierfree.inventory import Boundary
from barrierfree.model.definition import Definition, ElementType, Question, Rule
from barrierfree.model.records import Answers, NewSite, Photo, Position, Site, Slope, StepRequest
from barrierfree.model.words import FindingState, Outcome, VisitState
from barrierfree.operations import visits
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import FindingFilter, Store

BEGIN: Final = datetime(2026, 9, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
VOLUNTEERS: Final = ("志愿者甲（示例）", "志愿者乙（示例）", "志愿者丙（示例）", "志愿者丁（示例）")
STAFF: Final = ("工作人员戊（示例）", "统筹员己（示例）")
UNITS: Final = ("示例单位一", "示例单位二", "示例单位三", "示例物业公司")
MARK: Final = "（示例）"


class _Clock:
    """A clock that goes through the months of the sample."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def advance(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)
        if self.now.hour >= 18:
            self.now = (self.now + timedelta(days=1)).replace(hour=9)


@dataclass
class _Cast:
    volunteers: list[str]
    staff: list[str]
    photos: list[Photo]


def make_sample(path: Path, definition: Definition, *, device: str, progress: Progress = SILENT) -> Store:
    """Make the sample at ``path``; all of it or nothing. The store it returns runs on the real clock."""
    settings = definition.generator
    if not settings:
        raise DefinitionError(
            tr("普查定义“{name}”没有示例。").format(name=definition.name), tr("请用 shuangjing-sample。")
        )
    if path.suffix.lower() != ".gpkg":
        path = path.with_name(path.name + ".gpkg")
    clock = _Clock()
    rng = random.Random(int(settings["seed"]))
    store = Store.new(path, definition, device=device, title=definition.title.zh, clock=clock)
    try:
        with store.in_a_hurry():
            cast = _cast(store, rng)
            made = store.add_sites(_sites(definition, rng), person=cast.staff[1])
            _survey(store, definition, clock, rng, cast, list(made.ids), progress)
            _rectify(store, definition, clock, rng, cast)
            _last_visits(store, definition, clock, rng, cast)
        store.close()
    except BaseException:
        store.close()
        with suppress(OSError):
            path.unlink()
        shutil.rmtree(path.with_suffix(".photos"), ignore_errors=True)
        raise
    return Store.open(path, device=device)


# -- sites ----------------------------------------------------------------------------------------------------------


def _sites(definition: Definition, rng: random.Random) -> list[NewSite]:
    settings = definition.generator
    counts: dict[str, int] = settings["counts"]
    boundary = Boundary.of(definition.area.outline)
    communities = [c.name for c in definition.area.communities]
    places = [_place(boundary, definition, rng) for _ in range(sum(counts.values()))]
    made: list[NewSite] = []
    for code, count in counts.items():
        for n in range(count):
            community = communities[n % len(communities)] if code == "residents_committee" else rng.choice(communities)
            street = rng.choice(settings["streets"])
            address = f"{street}{rng.randint(1, 399)}号（示例地址）"
            name = _name(definition, code, n, community, street, settings, rng)
            made.append(_site(len(made), name, address, community, code, places[len(made)]))
    return _awkward(made, float(settings["awkward_share"]), rng)


def _site(n: int, name: str, address: str, community: str, code: str, position: Position | None) -> NewSite:
    return NewSite(
        key=f"sample|{n}", name=name, address=address, community=community, site_class=code, position=position,
        source="示例",
    )  # fmt: skip


def _name(
    definition: Definition, code: str, n: int, community: str, street: str, settings: dict[str, Any], rng: random.Random
) -> str:
    known = definition.site_class(code)
    word = known.label.zh if known else code
    match code:
        case "storefront":
            return f"{rng.choice(settings['name_starts'])}{rng.choice(settings['name_ends'])}{MARK}"
        case "residents_committee":
            return f"{community}社区居委会{MARK}"
        case "crossing":
            return f"{street}路口 {n + 1}{MARK}"
        case "bus_stop":
            return f"{street}公交站 {n + 1}{MARK}"
        case "public_toilet":
            return f"{street}公厕 {n + 1}{MARK}"
        case "office_building":
            return f"{definition.area.street}办公楼{MARK}"
    return f"{word}{n + 1}{MARK}" if n else f"{word}{MARK}"


def _place(boundary: Boundary, definition: Definition, rng: random.Random) -> Position:
    ring = _outer_ring(definition.area.outline)
    west, east = min(p[0] for p in ring), max(p[0] for p in ring)
    south, north = min(p[1] for p in ring), max(p[1] for p in ring)
    while True:
        lon, lat = round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6)
        if boundary.contains(lon, lat):
            x, y = coordinates.convert(lon, lat, "wgs84", "gcj02")
            return Position(lon=lon, lat=lat, given_x=round(x, 6), given_y=round(y, 6), datum="gcj02")


def _outer_ring(outline: dict[str, Any]) -> Sequence[Sequence[float]]:
    rings: Any = outline["coordinates"]
    while isinstance(rings[0][0], (list, tuple)):
        rings = rings[0]
    return list(rings)


def _awkward(sites: list[NewSite], share: float, rng: random.Random) -> list[NewSite]:
    """Some rows as real lists have them: without position, twice, in the wrong community, with a very long name."""
    chosen = rng.sample(range(len(sites)), int(len(sites) * share))
    for turn, at in enumerate(chosen):
        site = sites[at]
        match turn % 4:
            case 0:
                sites[at] = replace(site, position=None)
            case 1 if at > 0:
                before = sites[at - 1]
                sites[at] = replace(before, key=site.key, name=before.name.replace(MARK, " " + MARK))
            case 2:
                sites[at] = replace(site, community="示例外社区")
            case 3:
                long = (
                    f"{site.name.replace(MARK, '')}与一个特别特别长的名字用来看看列表和表单里放不放得下还会不会被截断"
                )
                sites[at] = replace(site, name=(long + "甲" * 60)[: 60 - len(MARK)] + MARK)
    return sites


# -- people and photos ----------------------------------------------------------------------------------------------


def _cast(store: Store, rng: random.Random) -> _Cast:
    volunteers = [store.name_person(name)[0] for name in VOLUNTEERS]
    staff = [store.name_person(name)[0] for name in STAFF]
    photos = [_photo(store, rng, n) for n in range(6)]
    store.add_photos(photos, person=volunteers[0])
    return _Cast(volunteers, staff, photos)


def _photo(store: Store, rng: random.Random, n: int) -> Photo:
    """A drawing of a ramp, so that nobody takes it for a real place."""
    image = Image.new("RGB", (800, 600), (206 + rng.randint(-20, 20), 220, 232))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 420, 800, 600), fill=(150, 150, 146))
    draw.rectangle((480, 120, 760, 420), fill=(190, 176, 150), outline=(90, 90, 90), width=4)
    draw.rectangle((560, 220, 680, 420), fill=(120, 96, 70))
    draw.polygon(((90 + 20 * n, 420), (480, 420), (480, 370)), fill=(110, 118, 126))
    draw.line((90 + 20 * n, 330, 480, 280), fill=(200, 90, 30), width=8)
    draw.text((24, 20), f"SAMPLE {n + 1}", fill=(40, 40, 40), font_size=40)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    content = out.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    store.keep_photo_file(sha256, ".jpg", content)
    return Photo(sha256=sha256, suffix=".jpg", width=800, height=600, name=f"sample-{n + 1}.jpg")


# -- visits ---------------------------------------------------------------------------------------------------------


def _survey(
    store: Store, definition: Definition, clock: _Clock, rng: random.Random, cast: _Cast, ids: list[str],
    progress: Progress,
) -> None:  # fmt: skip
    chosen = rng.sample(ids, int(len(ids) * float(definition.generator["surveyed_share"])))
    for done, site_id in enumerate(chosen):
        progress.step(done, len(chosen))
        clock.advance(rng.uniform(20, 90))
        visit = _visit(store, definition, rng, cast, store.site(site_id), rng.choice(cast.volunteers))
        clock.advance(5)
        roll = rng.random()
        if roll < 0.90:
            store.review_visit(visit, accept=True, person=rng.choice(cast.staff))
        elif roll < 0.95:
            store.review_visit(
                visit, accept=False, person=cast.staff[0], reason="照片看不清读数，请重拍并重新量净宽（示例）"
            )


def _visit(
    store: Store, definition: Definition, rng: random.Random, cast: _Cast, site: Site, person: str,
    *, good: bool = False, only: str = "",
) -> str:  # fmt: skip
    if not good and not only and rng.random() < 0.07:
        outcome = rng.choice([Outcome.CLOSED, Outcome.NOT_FOUND, Outcome.NOT_REACHABLE, Outcome.REFUSED])
        return visits.submit(store, site, [], person=person, outcome=outcome, reason="门口围挡施工（示例）").visit
    known = definition.site_class(site.site_class)
    codes = [only] if only else list(known.elements if known else ())
    if not only and rng.random() < 0.12:
        codes = codes[: max(1, len(codes) - 2)]
    ready = []
    for code in codes:
        element = visits.element_named(definition, code)
        answers = _answers(definition, element, rng, chance=1.0 if good else 0.93)
        photos = [rng.choice(cast.photos).sha256] if rng.random() < 0.5 else []
        ready.append(visits.ready_inspection(definition, site, element, answers, photos=photos))
    whole = len(codes) == len(known.elements if known else ())
    outcome = Outcome.DONE if whole or only else Outcome.PARTLY
    return visits.submit(store, site, ready, person=person, outcome=outcome).visit


def _answers(definition: Definition, element: ElementType, rng: random.Random, chance: float) -> Answers:
    """Plausible answers to the core questions; with ``chance`` each of them meets its limits."""
    answers: Answers = {}
    rules = definition.checklist.rules_for(element.code)
    for _ in range(len(element.questions)):
        asked = checklists.relevant_questions(element, answers)
        open_ones = [q for q in asked if (q.core or q.required) and q.name not in answers and not q.calculation]
        if not open_ones:
            break
        question = open_ones[0]
        own = [r for r in rules if r.question == question.name]
        answers[question.name] = _answer(question, own, rng, rng.random() < chance)
    return answers


def _answer(question: Question, rules: list[Rule], rng: random.Random, meets: bool) -> Any:
    if question.choices:
        names = [c.name for c in question.choices]
        wanted = next((r.choice for r in rules if r.comparison == "is" and r.choice in names), names[0])
        if question.kind == "select_multiple":
            return [wanted]
        return wanted if meets else rng.choice([n for n in names if n not in (wanted, "na")] or names)
    exact = next((r.value for r in rules if r.comparison == "=" and r.value is not None), None)
    if exact is not None and question.quantity != "slope":
        return exact if meets else exact + 15.0
    lower = max((r.value for r in rules if r.comparison in (">=", "between") and r.value is not None), default=None)
    upper = min(
        (v for r in rules for v in [r.upper if r.comparison == "between" else r.value if r.comparison == "<=" else None]
         if v is not None),
        default=None,
    )  # fmt: skip
    if question.quantity == "slope":
        n = rng.choice([12, 14, 16, 20, 24]) if meets else rng.choice([6, 8, 9])
        if upper is not None and meets:
            n = max(n, round(1 / upper) if upper else n)
        return Slope(ratio=1 / n, entered=f"1:{n}")
    if lower is None and upper is None:
        value = 120.0 if question.unit == "mm" else 1.5
    elif lower is not None and upper is not None:
        value = rng.uniform(lower, upper) if meets else upper * 1.2
    elif lower is not None:
        value = lower * (rng.uniform(1.0, 1.4) if meets else rng.uniform(0.7, 0.93))
    else:
        value = (upper or 0) * (rng.uniform(0.3, 1.0) if meets else rng.uniform(1.1, 1.6))
    if question.kind == "integer" or question.unit == "mm":
        return float(round(value)) if question.kind != "integer" else round(value)
    return round(value, 2)


# -- rectification --------------------------------------------------------------------------------------------------


def _rectify(store: Store, definition: Definition, clock: _Clock, rng: random.Random, cast: _Cast) -> None:
    """Take findings through every state, some of them overdue, two of them failing again."""
    found = [f.id for f in store.findings(FindingFilter(states=(FindingState.OPEN,)))]
    rng.shuffle(found)
    plan = ["progress"] * 30 + ["overdue"] * 6 + ["claimed"] * 10 + ["rectified"] * 26 + ["again"] * 2
    plan += ["soft"] * 8 + ["transferred"] * 5 + ["duplicate"] * 2 + ["invalid"] * 3
    for way, finding in zip(plan, found, strict=False):
        clock.advance(rng.uniform(10, 40))
        _take(store, definition, clock, rng, cast, way, finding, found[-1])


def _take(
    store: Store, definition: Definition, clock: _Clock, rng: random.Random, cast: _Cast, way: str, finding: str,
    other: str,
) -> None:  # fmt: skip
    staff = cast.staff[0]

    def step(to: FindingState, **values: Any) -> None:
        clock.advance(rng.uniform(5, 30))
        store.record_step(finding, StepRequest(to=to, **values), person=staff)

    if way == "soft":
        return step(FindingState.SOFT_SERVICE, reason="场地无条件改造，提供按铃协助（示例）")
    if way == "transferred":
        return step(FindingState.TRANSFERRED, reason="移交示例养护单位（示例）")
    if way == "duplicate":
        return step(FindingState.DUPLICATE, original=other)
    if way == "invalid":
        return step(FindingState.INVALID, reason="现场核对后不属实（示例）")
    days = 3 if way == "overdue" else rng.randint(40, 80)
    deadline = (clock().date() + timedelta(days=days)).isoformat()
    step(FindingState.IN_PROGRESS, unit=rng.choice(UNITS), deadline=deadline, responsible="负责人（示例）")
    if way in ("progress", "overdue"):
        return None
    photo = (rng.choice(cast.photos).sha256,)
    step(FindingState.CLAIMED, measure="按标准改造（示例）", quantity=1.0, quantity_unit="处", photos=photo)
    if way == "claimed":
        return None
    held = store.finding(finding)
    _reinspect(store, definition, clock, rng, cast, held.site, held.element, good=True)
    if store.refusal(finding, StepRequest(to=FindingState.RECTIFIED), person=cast.staff[1]) is None:
        clock.advance(10)
        store.record_step(finding, StepRequest(to=FindingState.RECTIFIED), person=cast.staff[1])
        if way == "again":
            _reinspect(store, definition, clock, rng, cast, held.site, held.element, good=False)
    return None


def _reinspect(
    store: Store, definition: Definition, clock: _Clock, rng: random.Random, cast: _Cast, site: str, element: str,
    *, good: bool,
) -> None:  # fmt: skip
    """Another person measures the element again, and it is accepted."""
    clock.advance(60)
    person = rng.choice(cast.volunteers)
    known = store.site(site)
    kind = visits.element_named(definition, element)
    answers = _answers(definition, kind, rng, chance=1.0 if good else 0.0)
    if not good and "present" in answers:
        answers["present"] = "yes"
        answers = _answers_after_yes(definition, kind, rng, answers)
    photo = [rng.choice(cast.photos).sha256]
    ready = visits.ready_inspection(definition, known, kind, answers, photos=photo)
    visit = visits.submit(store, known, [ready], person=person).visit
    clock.advance(15)
    store.review_visit(visit, accept=True, person=cast.staff[1])


def _answers_after_yes(definition: Definition, element: ElementType, rng: random.Random, answers: Answers) -> Answers:
    rules = definition.checklist.rules_for(element.code)
    for _ in range(len(element.questions)):
        asked = checklists.relevant_questions(element, answers)
        open_ones = [q for q in asked if q.core and q.name not in answers and not q.calculation]
        if not open_ones:
            break
        own = [r for r in rules if r.question == open_ones[0].name]
        answers[open_ones[0].name] = _answer(open_ones[0], own, rng, False)
    return answers


def _last_visits(store: Store, definition: Definition, clock: _Clock, rng: random.Random, cast: _Cast) -> None:
    """Some visits wait for review, so that reported findings are there too; and a returned one was resubmitted."""
    waiting = store.visits([VisitState.SUBMITTED])
    fresh = [s for s in store.sites() if s.status == "not_surveyed"]
    for site in rng.sample(fresh, max(0, 14 - len(waiting))):
        clock.advance(30)
        _visit(store, definition, rng, cast, site, rng.choice(cast.volunteers))
    back = store.visits([VisitState.RETURNED])
    for visit in back[: len(back) // 2]:
        clock.advance(30)
        _visit(store, definition, rng, cast, store.site(visit.site), visit.person, good=True)
