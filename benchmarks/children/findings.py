"""Makes a survey with as many findings as asked for: facts in bulk, derived by a rebuild; prints the seconds.

A third is open, a third in progress, a third repaired with its re-inspection; six findings to a site, ten people.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from barrierfree.operations import surveys
from barrierfree.store import Store
from barrierfree.store.facts import Fact, derived_id, derived_id_at

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
ELEMENTS = ("wheelchair_ramp", "door", "accessible_entrance", "signage", "low_counter", "accessible_route")
RULES = {"wheelchair_ramp": "WR-05", "door": "DR-03"}


class Maker:
    """Facts in order of time, a minute apart."""

    def __init__(self) -> None:
        self.sequence = 0

    def fact(self, kind: str, subject: str, payload: dict[str, Any], *, own: bool = False, by: str = "anna") -> Fact:
        self.sequence += 1
        moment = BEGIN + timedelta(minutes=self.sequence)
        made = derived_id_at(moment, "bench", self.sequence)
        return Fact(made, kind, made if own else subject, by, "bench", self.sequence + 1000, moment.isoformat(), {}, 1,
                    payload)  # fmt: skip

    def life(self, number: int, checklist: str) -> Iterator[Fact]:
        """A site with six findings."""
        site = derived_id("site", f"bench|{number}")
        place = {"lon": 116.44 + number % 400 * 1e-4, "lat": 39.88 + number // 400 * 1e-5, "datum": "wgs84",
                 "given_x": 116.44, "given_y": 39.88}  # fmt: skip
        yield self.fact("site", site, {
            "name": f"门店{number}（示例）", "address": "广渠路1号（示例地址）", "community": f"社区{number % 18}",
            "site_class": "storefront", "position": place, "source": "", "note": "",
            "code": f"110105016{number % 18:03d}LS{number:05d}",
        })  # fmt: skip
        visit = self.fact(
            "visit", "", {"site": site, "outcome": "done", "reason": "", "started": "", "ended": ""}, own=True
        )
        yield visit
        findings = []
        for element in ELEMENTS:
            rule = RULES.get(element, "WR-05")
            problem = {"problem": "non_compliant", "rules": [rule], "severity": "", "note": "现场看到的情况（示例）"}
            seen = self.fact("inspection", "", {
                "visit": visit.id, "element": element, "number": 1, "checklist": checklist,
                "answers": {"present": "yes", "clear_width": 0.95}, "photos": [], "problems": [problem], "gone": [],
                "verdicts": [{"rule": rule, "kind": "not_met", "measured": 0.95, "reason": ""}],
            }, own=True)  # fmt: skip
            yield seen
            checkpoint = derived_id("checkpoint", site, element, 1)
            finding = derived_id("finding", checkpoint, "non_compliant", 1)
            findings.append(finding)
            yield self.fact("finding", finding, {
                "site": site, "checkpoint": checkpoint, "element": element, "number": 1, "inspection": seen.id,
                "photos": [], **problem,
            })  # fmt: skip
        yield self.fact("review", visit.id, {"decision": "accept", "reason": "", "inspections": []}, by="staff")
        for at, finding in enumerate(findings):
            yield from self.steps(finding, at % 3, number)

    def steps(self, finding: str, how_far: int, number: int) -> Iterator[Fact]:
        follows = ""
        requests: list[dict[str, Any]] = [{"to": "open"}]
        if how_far:
            requests.append({"to": "in_progress", "unit": f"单位{number % 40}", "deadline": "2026-12-01"})
        if how_far == 2:
            requests += [{"to": "claimed", "measure": "加宽坡道", "quantity": 1.0, "quantity_unit": "处"},
                         {"to": "rectified"}]  # fmt: skip
        for request in requests:
            step = self.fact("step", finding, {"follows": follows, "request": {"photos": [], **request}}, by="staff")
            follows = step.id
            yield step


def main(survey: str, count: int) -> None:
    definition = surveys.definition_named("shuangjing-sample")
    with surveys.new_survey(Path(survey), definition, device="bench") as store, store.in_a_hurry():
        begun = time.perf_counter()
        maker, checklist = Maker(), store.definition_hash()
        for person in ("anna", "staff"):
            store.name_person(f"{person}（示例）", person)
        facts = [fact for number in range(-(-count // len(ELEMENTS))) for fact in maker.life(number, checklist)]
        taken(store, facts)
        print(time.perf_counter() - begun)


def taken(store: Store, facts: list[Fact]) -> None:
    store.take_in(facts)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
