"""Results entered by hand: what was done that no inspection shows. Facts alone; nothing is derived from them."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from barrierfree.errors import NotFoundError, ReportError
from barrierfree.i18n import tr
from barrierfree.model.figures import EnteredResult
from barrierfree.model.records import Changes
from barrierfree.store import facts as f
from barrierfree.store.reading import FACT
from barrierfree.store.reporting import ReportVerbs

_KIND: Final = "result"
_SUBJECT: Final = "result:"  # so that the index of subjects finds them without reading all facts
_LONGEST: Final = 2000  # characters of a label or note


class ResultVerbs(ReportVerbs):
    """The verbs about results entered by hand."""

    def enter_result(
        self, label: str, quantity: float, unit: str, day: str, *, person: str, note: str = ""
    ) -> tuple[str, Changes]:
        """Keep what was done: so many ``unit`` of ``label`` on ``day`` (ISO); (id, changes). Raises ``ReportError``."""
        label, unit, note = label.strip(), unit.strip(), note.strip()
        _refuse(label, quantity, unit, day, note, self.clock().date())
        payload = {"label": label, "quantity": quantity, "unit": unit, "day": day, "note": note, "withdrawn": False}
        with self._writing(person) as (writer, done):
            subject = _SUBJECT + writer.new_id()
            writer.add(_KIND, subject, payload)
        return subject, done[0]

    def withdraw_result(self, result: str, *, person: str) -> Changes:
        """Take back a result that was entered; the fact of it stays in the history."""
        held = self._held().get(result)
        if held is None:
            raise NotFoundError(
                tr("没有编号为“{id}”的填报成果。").format(id=result), tr("请用“list FILE results”查看编号。")
            )
        with self._writing(person) as (writer, done):
            writer.add(_KIND, result, {"withdrawn": True}, {"withdrawn": held["withdrawn"].facts})
        return done[0]

    def entered_results(self, since: str = "", until: str = "") -> list[EnteredResult]:
        """What was entered and not withdrawn, by day; the dates bound its day."""
        names = {p.id: p.name for p in self.people()}
        first = dict(
            self._sql.execute(
                "SELECT subject, person FROM facts WHERE subject >= ? AND subject < ? AND kind = ? ORDER BY id DESC",
                [_SUBJECT, _SUBJECT + "~", _KIND],
            )
        )
        found = [
            EnteredResult(id=subject, person_name=names.get(first[subject], ""),
                          **{n: held[n].value for n in ("label", "quantity", "unit", "day", "note")})
            for subject, held in self._held().items() if not held["withdrawn"].value
        ]  # fmt: skip
        within = (r for r in found if r.day >= since and (not until or r.day <= until))
        return sorted(within, key=lambda r: (r.day, r.id))

    def _held(self) -> dict[str, dict[str, f.Value]]:
        facts: dict[str, list[f.Fact]] = {}
        for row in self._sql.execute(
            f"SELECT {FACT} FROM facts WHERE subject >= ? AND subject < ? AND kind = ? ORDER BY id",
            [_SUBJECT, _SUBJECT + "~", _KIND],
        ):
            fact = f.from_row(row)
            facts.setdefault(fact.subject, []).append(fact)
        held = {subject: f.current(about) for subject, about in facts.items()}
        return {subject: values for subject, values in held.items() if "label" in values}


def _refuse(label: str, quantity: float, unit: str, day: str, note: str, today: date) -> None:
    if not label or not unit:
        raise ReportError(tr("请写明成果和单位。"), tr("例如：无障碍手册，180，册。"))
    if max(len(label), len(note)) > _LONGEST:
        raise ReportError(tr("文字超过 {n} 个字。").format(n=_LONGEST), tr("请写短一些。"))
    if not math.isfinite(quantity) or quantity <= 0:
        raise ReportError(tr("数量要大于 0。"), tr("请写成 180 这样的数。"))
    try:
        then = date.fromisoformat(day)
    except ValueError:
        raise ReportError(tr("看不懂日期“{text}”。").format(text=day), tr("请写成 2026-11-10 这样的日期。")) from None
    if then > today:
        raise ReportError(tr("{date} 还没有到。").format(date=day), tr("请填已经完成的成果。"))
