"""The next round: a new survey that carries over sites, codes, decisions and open findings of the one before."""

from __future__ import annotations

from typing import Any, Final

from barrierfree.model.definition import Model
from barrierfree.model.words import FindingState
from barrierfree.store import facts as f
from barrierfree.store.findings import FindingFilter
from barrierfree.store.reading import FACT, chunks, facts_about
from barrierfree.store.upkeep import Store
from barrierfree.store.writing import Writer, _insert

# What says which places there are and who is who. Visits, inspections and batches stay with their round.
_KEPT: Final = ("definition", "survey", "person", "site", "checkpoint", "same_site", "declined", "list", "earlier",
                "unit", "day", "profile")  # fmt: skip
# A finding whose report was not reviewed cannot be opened without its visit: it has to be decided before.
_CARRIED: Final = (FindingState.OPEN, FindingState.IN_PROGRESS, FindingState.CLAIMED)


class CarriedOver(Model):
    """What the new round begins with, and what was left in the old file because nobody had decided it."""

    round: int
    sites: int
    findings: int
    photos: int
    missing_photos: int
    pending_visits: int
    reported_findings: int
    drafts: int


def carry_over(old: Store, new: Store, *, title: str) -> CarriedOver:
    """Fill the empty file ``new`` with what goes on from ``old``; its device holds the new main file.

    Facts are taken as they are, so ids, codes and histories stay the same. The last accepted inspection of each
    checkpoint is referred to, not copied: it belongs to its round.
    """
    findings = old.findings(FindingFilter(states=_CARRIED))
    reported = old.findings(FindingFilter(states=(FindingState.REPORTED,)))
    findings += [r for r in reported if old._report_accepted(r.id)]
    photos = [p for x in findings for p in (*x.photos_before, *x.photos_after)]
    number = int(old.info("round", 1)) + 1
    with new._transaction():
        facts = _facts(old, [x.id for x in findings], photos)
        _insert(new, facts)
        new._derive(facts)
        people = old._sql.execute("SELECT id, name, removed FROM people").fetchall()
        new._sql.executemany("INSERT INTO people VALUES (?,?,?)", people)
    with new._writing("") as (writer, _):
        _begin(old, new, writer, title, number)
    new.give_codes(person="")
    copied, missing = _copy_photos(old, new, photos)
    figures = old.figures()
    return CarriedOver(
        round=number, sites=new.figures().sites, findings=len(findings), photos=copied, missing_photos=missing,
        pending_visits=figures.pending_visits, reported_findings=len(reported) - sum(r in findings for r in reported),
        drafts=figures.drafts,
    )  # fmt: skip


def _facts(old: Store, findings: list[str], photos: list[str]) -> list[f.Fact]:
    marks = ",".join("?" * len(_KEPT))
    rows = old._sql.execute(f"SELECT {FACT} FROM facts WHERE kind IN ({marks})", _KEPT).fetchall()
    for wanted, kinds in ((findings, "'finding','step','revert','choice'"), (photos, "'photo'")):
        for places, part in chunks(sorted(set(wanted))):
            rows += old._sql.execute(
                f"SELECT {FACT} FROM facts WHERE subject IN ({places}) AND kind IN ({kinds})", part
            ).fetchall()
    return [f.from_row(row) for row in rows]


def _begin(old: Store, new: Store, writer: Writer, title: str, number: int) -> None:
    """Say what this file is, which elements stood at each site, and what was last found there."""
    held = f.current(facts_about(new._sql, "survey", "survey"))
    values: dict[str, Any] = {
        "title": title, "round": number, "main_device": new.device,
        "previous": {"file": old.path.name, "round": number - 1, "title": old.info("title", "")},
    }  # fmt: skip
    writer.add("survey", "survey", values, {n: held[n].facts for n in values if n in held})
    there = set(new._sql.execute("SELECT site, element, number FROM checkpoints"))
    for site, element, at in old._sql.execute("SELECT site, element, number FROM checkpoints ORDER BY fid").fetchall():
        if (site, element, at) not in there:
            writer.add("checkpoint", f"of:{site}", {"site": site, "element": element, "number": at})
    for inspection in old.inspections(current=True):
        writer.add(
            "earlier", inspection.checkpoint,
            {"site": inspection.site, "element": inspection.element, "number": inspection.number,
             "inspection": inspection.id, "recorded_at": inspection.recorded_at, "by": inspection.person,
             "round": number - 1, "answers": inspection.answers,
             "verdicts": [v.model_dump(mode="json") for v in inspection.verdicts]},
        )  # fmt: skip


def _copy_photos(old: Store, new: Store, photos: list[str]) -> tuple[int, int]:
    copied = missing = 0
    for photo in old.photos(sorted(set(photos))):
        source = old.photo_path(photo.sha256, photo.suffix)
        if photo.withdrawn:
            continue
        if source.is_file():
            new.keep_photo_file(photo.sha256, photo.suffix, source.read_bytes())
            copied += 1
        else:
            missing += 1
    return copied, missing
