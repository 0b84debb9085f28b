"""The commands about the city's system: batches, their ledger, its answers."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any, Final

from barrierfree.errors import BatchError
from barrierfree.i18n import listed, tr
from barrierfree.model.city import BatchFilter
from barrierfree.model.words import FindingState
from barrierfree.operations import batches, city_answers, surveys
from barrierfree.store import Store

Result = dict[str, Any]
SELECTIONS: Final = ("new", "changed", "rejected", "all")


def add_export(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``export`` that are about a batch."""
    parser.add_argument("--profile", default="", metavar="P", help=tr("导出方案文件（.toml）"))
    parser.add_argument(
        "--select", choices=SELECTIONS, default="new", help=tr("未报送的、报送后有变化的、市系统退回的、全部")
    )
    parser.add_argument("--community", action="append", default=[], metavar="NAME", help=tr("社区，可以写多次"))
    parser.add_argument("--class", dest="site_class", action="append", default=[], metavar="CODE",
                        help=tr("场所类别，可以写多次"))  # fmt: skip
    parser.add_argument("--state", action="append", default=[], choices=[s.value for s in FindingState],
                        help=tr("整改状态，可以写多次"))  # fmt: skip
    parser.add_argument("--since", default="", metavar="DATE", help=tr("从哪一天起审核通过或有变化"))
    parser.add_argument("--until", default="", metavar="DATE", help=tr("到哪一天为止"))
    parser.add_argument("--record", action="append", default=[], metavar="CODE", help=tr("只要这些点位或记录"))
    parser.add_argument("--check", action="store_true", help=tr("只检查，不写出"))
    parser.add_argument("--except", dest="excepted", action="append", default=[], metavar="CODE",
                        help=tr("不写出的记录：编号，或一类问题（duplicate、photo、outside …）"))  # fmt: skip
    parser.add_argument("--accept-losses", action="store_true", help=tr("接受模板里保不住的内容"))
    parser.add_argument("--again", default="", metavar="NUMBER", help=tr("重新生成台账里的这个批次"))
    parser.add_argument("--out", required=True, metavar="DIR")
    parser.add_argument("--by", default="", metavar="NAME")


def add_parsers(add: Any) -> None:
    """Add ``answer`` and ``batches``; ``add(name, help)`` makes a command that takes a survey file."""
    answer = add("answer", tr("读入市系统的答复：接收、退回和原因、市系统编号"))
    answer.add_argument("workbook", metavar="WORKBOOK", help=tr("市系统返回的表格（.xlsx 或 .csv）"))
    answer.add_argument("--profile", default="", metavar="P", help=tr("导出方案文件（.toml）"))
    answer.add_argument("--check", action="store_true", help=tr("只核对，不登记"))
    answer.add_argument("--by", default="", metavar="NAME")
    ledger = add("batches", tr("批次台账：报送了什么，市系统怎样答复"))
    ledger.add_argument("--batch", default="", metavar="NUMBER", help=tr("这个批次的各行和它们的状态"))


def export(store: Store, options: argparse.Namespace, person_id: str) -> Result:
    """Check or write a batch, or make one of the ledger again."""
    if options.again:
        made = batches.again(store, options.again, Path(options.out))
        return {**made.model_dump(exclude={"changes", "left_out"}), "again": True}
    profile = Path(options.profile) if options.profile else None
    plan = batches.plan_batch(store, _wanted(store, options), profile_file=profile)
    if options.check:
        rows, _, standing = batches.without(plan, options.excepted)
        faults = [fault.model_dump() for fault in standing]
        refused = BatchError(
            tr("有 {n} 处不符合要求。").format(n=len(faults)), tr("请按列出的元素编号和栏目逐条改正。")
        )
        return {"rows": len(rows), "faults": faults, "losses": list(plan.losses),
                "warnings": list(plan.warnings), "profile": plan.profile.title,
                "status": plan.profile.status, **({"refused": refused} if faults else {})}  # fmt: skip
    person = surveys.acting_person(store, options.by) if options.by else None
    done = batches.write_batch(
        store, plan, Path(options.out), person=person.id if person else person_id, excepted=options.excepted,
        accepted=plan.losses if options.accept_losses else (),
    )  # fmt: skip
    if person:
        surveys.register(store, person)
    return {**done.model_dump(exclude={"changes", "left_out", "missing", "differing"}),
            "left_out": [x.model_dump() for x in done.left_out], "warnings": list(plan.warnings),
            "status": plan.profile.status}  # fmt: skip


def _wanted(store: Store, options: argparse.Namespace) -> BatchFilter:
    """The filter of the arguments; what names nothing is refused, so that no typing error gives an empty batch."""
    sites = store.sites()
    known = {
        tr("社区"): (options.community, {s.community for s in sites}),
        tr("场所类别"): (options.site_class, {c.code for c in store.definition().classes}),
    }
    for word, (asked, there) in known.items():
        for one in asked:
            if one not in there:
                raise BatchError(
                    tr("没有叫“{name}”的{word}。").format(name=one, word=word),
                    tr("可以写：{names}。").format(names=listed(sorted(there - {""}))),
                )
    for day in (options.since, options.until):
        if day:
            _check_day(day)
    return BatchFilter(
        what=options.select, communities=tuple(options.community), classes=tuple(options.site_class),
        states=tuple(FindingState(s) for s in options.state), since=options.since, until=options.until,
        records=tuple(options.record),
    )  # fmt: skip


def _check_day(text: str) -> None:
    try:
        found = date.fromisoformat(text).isoformat()
    except ValueError:
        found = ""
    if found != text:
        raise BatchError(tr("看不懂日期“{text}”。").format(text=text), tr("请写成 2027-02-05 这样的日期。"))


def answer(store: Store, options: argparse.Namespace, person_id: str) -> Result:
    """Say what an answer would change, and take it in unless only asked to check."""
    profile = Path(options.profile) if options.profile else None
    plan = city_answers.plan_answers(store, Path(options.workbook), profile_file=profile)
    taken = 0
    if not options.check:
        person = surveys.acting_person(store, options.by) if options.by else None
        taken, _ = city_answers.take_answers(store, plan, person=person.id if person else person_id)
        if person:
            surveys.register(store, person)
    rows = [
        {"line": one.row.line, "code": one.row.code, "match": one.match.value, "reason": one.row.reason,
         "city_number": one.row.city_number, "batch": one.sending.number if one.sending else "", "said": one.said}
        for one in plan.rows
    ]  # fmt: skip
    counts = {m.value: plan.count(m) for m in city_answers.Match}
    return {"file": plan.file, **counts, "taken": taken, "problems": list(plan.problems), "rows": rows}


def ledger(store: Store, options: argparse.Namespace) -> Result:
    """The ledger of batches and of entries by hand, or the rows of one batch with their states."""
    if options.batch:
        batch = store.batch(options.batch)
        held = {(a.kind, a.record): a for a in store.answers(sending=batch.id) if a.in_force}
        rows = []
        for row in store.batch_rows(batch.id):
            said = held.get((row.kind, row.record))
            state = "waiting" if said is None else "accepted" if said.accepted else "rejected"
            rows.append({"code": row.code, "kind": row.kind, "state": state, "reason": said.reason if said else "",
                         "city_number": said.city_number if said else ""})  # fmt: skip
        return {**batch.model_dump(exclude={"rows", "left_out"}), "rows": rows}
    return {
        "batches": [
            {"number": b.number, "made_at": b.made_at, "by": b.person_name, "words": b.words, "rows": b.rows,
             "accepted": b.accepted, "rejected": b.rejected, "waiting": b.waiting, "file": b.file, "sha256": b.sha256}
            for b in store.batches()
        ],
        "entries": [day.model_dump() for day in store.entry_days()],
        "rejected": [row.model_dump() for row in store.rejected()],
    }  # fmt: skip
