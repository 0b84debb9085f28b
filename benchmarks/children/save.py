"""Submits visits with one inspection and one finding each; prints the median ms of a save.

With a third argument it writes there, as JSON, the statements that a bare SQLite program needs for the same rows;
``drafts`` instead saves only the drafts, so that their share can be taken off.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from barrierfree.model.records import Draft, NewVisit
from barrierfree.model.words import Outcome, Status
from barrierfree.operations import visits
from barrierfree.store import SiteFilter, Store, Submitted

Statement = tuple[str, list[Any]]


def main(survey: str, count: int, statements: str = "") -> None:
    with Store.open(Path(survey), device="bench") as store:
        definition = store.definition()
        element = visits.element_named(definition, "wheelchair_ramp")
        answers = visits.read_answers(element, {"present": "yes", "clear_width": "0.95"})
        sites = store.sites(SiteFilter(statuses=(Status.NOT_SURVEYED,), site_class="storefront"))[:count]
        times, made = [], []
        for site in sites:
            store.save_draft(Draft(site=site.id, element=element.code, number=1, person="p", answers=dict(answers)))
            ready = visits.ready_inspection(definition, site, element, answers)
            if statements == "drafts":
                continue
            new = NewVisit(site=site.id, outcome=Outcome.DONE, inspections=(ready,))
            begun = time.perf_counter()
            made.append(store.submit_visit(new, person="p"))
            times.append(time.perf_counter() - begun)
        if statements and made:
            Path(statements).write_text(json.dumps([_bare(store, one) for one in made]))
        if any(len(one.findings) != 1 for one in made):
            raise SystemExit("a save must report one finding")
    print(statistics.median(times) * 1000 if times else 0.0, flush=True)


def _bare(store: Store, made: Submitted) -> list[Statement]:
    """The rows of one save as plain statements: the same tables, columns and numbers of rows."""
    sql = store._sql
    statements: list[Statement] = []
    wanted = [("facts", "id", fact) for fact in made.changes.written]
    wanted += [("visits", "id", made.visit), ("inspections", "id", made.inspections[0])]
    wanted += [("findings", "id", finding) for finding in made.findings]
    for table, key, value in wanted:
        found = sql.execute(f"SELECT * FROM {table} WHERE {key} = ?", [value])
        names = [d[0] for d in found.description]
        row = dict(zip(names, found.fetchone(), strict=True))
        row = {name: v for name, v in row.items() if name not in ("fid", "geom")}
        marks = ",".join("?" * len(row))
        statements.append((f"INSERT INTO {table} ({','.join(row)}) VALUES ({marks})", list(row.values())))
    site = made.changes.sites[0]
    held = sql.execute("SELECT status, inspected, open_findings FROM sites WHERE id = ?", [site]).fetchone()
    statements.append(("UPDATE sites SET status = ?, inspected = ?, open_findings = ? WHERE id = ?", [*held, site]))
    checkpoint = sql.execute("SELECT checkpoint FROM findings WHERE id = ?", [made.findings[0]]).fetchone()[0]
    held = sql.execute("SELECT status, pending FROM checkpoints WHERE id = ?", [checkpoint]).fetchone()
    statements.append(("UPDATE checkpoints SET status = ?, pending = ? WHERE id = ?", [*held, checkpoint]))
    statements.append(("DELETE FROM drafts WHERE site = ?", [site]))
    return statements


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
