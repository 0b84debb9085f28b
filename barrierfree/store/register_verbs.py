"""Responsible units, the survey's own days off, and works without a finding."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from barrierfree.errors import NotFoundError, StepRefused
from barrierfree.i18n import tr
from barrierfree.model.figures import WorkFigure
from barrierfree.model.records import Changes, NewWork, Photo, SpecialDay, Unit, Work
from barrierfree.store import facts as f
from barrierfree.store.reading import facts_about
from barrierfree.store.sites import add_photo_facts
from barrierfree.store.step_verbs import StepVerbs

_WORK = (
    "SELECT w.id, w.site, coalesce(s.name, ''), coalesce(s.code, ''), coalesce(s.community, ''), w.element, w.what,"
    " w.quantity, w.quantity_unit, w.done_on, w.unit, w.note, w.photos, w.recorded_at, coalesce(p.name, ''),"
    " w.withdrawn FROM works w LEFT JOIN sites s ON s.id = w.site"
    " LEFT JOIN people p ON p.id = w.person AND p.removed = 0"
)


class RegisterVerbs(StepVerbs):
    """The verbs about units, days and works."""

    # -- units ------------------------------------------------------------------------------------------------------

    def known_units(self) -> list[Unit]:
        """The registered units and those only named in findings, in the order of use, then of their names."""
        used = self.units()
        found = {
            r[0]: Unit(name=r[0], unit_class=r[1] or None, contact=r[2], note=r[3], hidden=bool(r[4]),
                       conflicts=tuple(json.loads(r[5])))
            for r in self._sql.execute("SELECT name, class, contact, note, hidden, conflicts FROM units ORDER BY name")
        }  # fmt: skip
        return [found.pop(name, Unit(name=name)) for name in used] + list(found.values())

    def put_unit(self, unit: Unit, *, person: str) -> Changes:
        """Register a unit, or change what is known of it; its name is what it is known by."""
        name = unit.name.strip()
        if not name:
            raise StepRefused(tr("请填写单位名称。"), tr("没有改动。"))
        values = {"name": name, "unit_class": unit.unit_class or "", "contact": unit.contact.strip(),
                  "note": unit.note.strip(), "hidden": unit.hidden}  # fmt: skip
        return self._put("unit", f.derived_id("unit", name), values, person)

    def _put(self, kind: str, subject: str, values: dict[str, Any], person: str) -> Changes:
        """Set the fields that differ from what is held, or that two computers say differently."""
        held = f.current(facts_about(self._sql, subject, kind))
        changed = {n: v for n, v in values.items() if n not in held or held[n].conflict or held[n].value != v}
        with self._writing(person) as (writer, done):
            if changed:
                writer.add(kind, subject, changed, {n: held[n].facts for n in changed if n in held})
        return done[0]

    # -- days -------------------------------------------------------------------------------------------------------

    def special_days(self) -> list[SpecialDay]:
        """The days that this survey counts otherwise than the published calendar, in order."""
        rows = self._sql.execute("SELECT id, working, note FROM days ORDER BY id")
        return [SpecialDay(day=r[0], working=None if r[1] is None else bool(r[1]), note=r[2]) for r in rows]

    def calendar(self) -> dict[date, bool]:
        """The same for counting working days: those that are decided, True for a working day."""
        return {date.fromisoformat(d.day): d.working for d in self.special_days() if d.working is not None}

    def put_day(self, day: SpecialDay, *, person: str) -> Changes:
        """Say that a day is a holiday or a working day, whatever the calendar says."""
        _day_of(day.day)
        return self._put("day", f"day:{day.day}", {"working": bool(day.working), "note": day.note.strip(),
                                                   "dropped": False}, person)  # fmt: skip

    def drop_day(self, day: str, *, person: str) -> Changes:
        """Let the published calendar say again what this day is."""
        return self._put("day", f"day:{_day_of(day)}", {"dropped": True}, person)

    # -- works ------------------------------------------------------------------------------------------------------

    def works(self, *, site: str = "", withdrawn: bool = False) -> list[Work]:
        """Works without a finding, the newest first; those taken back only if asked for."""
        parts, values = ([] if withdrawn else ["w.withdrawn = 0"]), []
        if site:
            parts.append("w.site = ?")
            values.append(site)
        where = f" WHERE {' AND '.join(parts)}" if parts else ""
        return [
            Work(id=r[0], site=r[1], site_name=r[2], site_code=r[3], community=r[4], element=r[5], what=r[6],
                 quantity=r[7], quantity_unit=r[8], done_on=r[9], unit=r[10], note=r[11],
                 photos=tuple(json.loads(r[12])), recorded_at=r[13], person_name=r[14], withdrawn=bool(r[15]))
            for r in self._sql.execute(f"{_WORK}{where} ORDER BY w.done_on DESC, w.id DESC", values)
        ]  # fmt: skip

    def work_figures(self, since: str = "", until: str = "9999", community: str = "") -> list[WorkFigure]:
        """What works installed per element and unit of quantity, from ``since`` to ``until`` (ISO dates, included)."""
        rows = self._sql.execute(
            "SELECT w.element, w.quantity_unit, count(*), sum(w.quantity) FROM works w JOIN sites s ON s.id = w.site"
            " WHERE w.withdrawn = 0 AND w.done_on >= ? AND w.done_on <= ? AND (? = '' OR s.community = ?)"
            " GROUP BY 1, 2 ORDER BY 1, 2",
            [since, until, community, community],
        )
        return [WorkFigure(element=r[0], quantity_unit=r[1], works=r[2], quantity=r[3]) for r in rows]

    def record_work(self, new: NewWork, *, person: str, photos: Iterable[Photo] = ()) -> tuple[str, Changes]:
        """Store a work; its id."""
        self.site(new.site)
        _refuse_work(new, self.clock().date())
        payload = new.model_dump(mode="json") | {"what": new.what.strip(), "note": new.note.strip()}
        with self._writing(person) as (writer, done):
            add_photo_facts(self, writer, photos)
            work = writer.add("work", "", payload)
        return work, done[0]

    def withdraw_work(self, work: str, *, person: str) -> Changes:
        """Take a work back: it is kept and no longer counted."""
        if not any(w.id == work for w in self.works(withdrawn=True)):
            raise NotFoundError(tr("没有编号为“{id}”的改造。").format(id=work), tr("请用“list FILE works”查看编号。"))
        return self._put("work", work, {"withdrawn": True}, person)


def _day_of(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise StepRefused(tr("看不懂日期“{text}”。").format(text=text), tr("请写成 2027-02-05 这样的日期。")) from None


def _refuse_work(new: NewWork, today: date) -> None:
    missing: Sequence[tuple[bool, str]] = (
        (not new.what.strip(), tr("请写明做了什么。")),
        (not math.isfinite(new.quantity) or new.quantity <= 0, tr("数量要大于 0。")),
        (not new.quantity_unit.strip(), tr("请填写数量单位。")),
    )
    for is_missing, said in missing:
        if is_missing:
            raise StepRefused(said, tr("没有改动。"))
    if date.fromisoformat(_day_of(new.done_on)) > today:
        raise StepRefused(tr("{date} 还没有到。").format(date=new.done_on), tr("改造完成以后再登记。"))
