"""The commands about rectification: steps, problems told of, works, responsible units, days off."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from barrierfree import rectification
from barrierfree.errors import StepRefused
from barrierfree.i18n import tr
from barrierfree.model.records import NewReport, NewWork, SpecialDay, StepRequest, Unit
from barrierfree.model.words import FindingState, Problem, ReportSource, Severity, UnitClass, label
from barrierfree.operations import notice_answers, pictures, surveys, visits
from barrierfree.store import Store, WantedStep

Result = dict[str, Any]
Add = Callable[[str, str], argparse.ArgumentParser]


def add_parsers(add: Add) -> None:
    """Add the commands; ``add(name, help)`` makes one that takes a survey file."""
    _add_step(add("step", tr("问题的整改步骤；撤销；裁定两处不同的处理")))
    _add_finding(add("finding", tr("登记来电、来访反映的问题（还没有人到现场检查）")))
    _add_work(add("work", tr("登记改造：没有问题记录的新建、加装")))
    _add_unit(add("unit", tr("责任单位：类别、联系人")))
    _add_answers(add("answer-notice", tr("读回单位填好的整改通知单：列出建议的步骤，--apply 才保存")))
    _add_day(add("day", tr("工作日表：另加的放假日、上班日")))


def step(store: Store, options: argparse.Namespace) -> Result:
    """Take a step, take the last one back, or decide between two that contradict."""
    store.finding(options.finding)
    person = surveys.acting_person(store, options.by)
    kept = pictures.keep_pictures(store, [Path(file) for file in options.photo])
    if options.revert:
        findings, _ = store.revert_step(options.finding, person=person.id)
        done: Result = {"reverted": list(findings)}
    elif options.adopt:
        store.decide_step(options.finding, options.adopt, options.reason, person=person.id)
        done = {"adopted": options.adopt}
    else:
        today = store.clock().date()
        deadline, note = "", ""
        if options.deadline:
            deadline, note = rectification.read_deadline(options.deadline, today, store.calendar())
        request = StepRequest(
            to=FindingState(options.to), unit=options.unit, responsible=options.responsible, deadline=deadline,
            deadline_note=note, measure=options.measure, planned=options.planned, quantity=options.quantity,
            quantity_unit=options.quantity_unit, photos=tuple(p.sha256 for p in kept.photos), reason=options.reason,
            original=options.original, inspection=options.inspection,
        )  # fmt: skip
        store.record_step(options.finding, request, person=person.id, photos=kept.photos)
        done = {}
    surveys.register(store, person)
    finding = store.finding(options.finding)
    return {"finding": finding.id, "state": finding.state, "word": tr(label(finding.state)),
            "deadline": finding.deadline, "by": person.id, "refused_photos": [asdict(r) for r in kept.refused],
            **done}  # fmt: skip


def finding(store: Store, options: argparse.Namespace) -> Result:
    """Store a problem that somebody told of."""
    site = store.site(options.site)
    element = visits.element_named(store.definition(), options.element).code if options.element else ""
    person = surveys.acting_person(store, options.by)
    kept = pictures.keep_pictures(store, [Path(file) for file in options.photo])
    new = NewReport(
        site=site.id, element=element, number=options.number, problem=Problem(options.problem), note=options.note,
        source=ReportSource(options.source), severity=options.severity,
    )  # fmt: skip
    told = store.report_problem(new, person=person.id, photos=kept.photos)
    surveys.register(store, person)
    held = store.finding(told.finding)
    return {"finding": told.finding, "known": told.known, "state": held.state, "word": tr(label(held.state)),
            "by": person.id, "refused_photos": [asdict(r) for r in kept.refused]}  # fmt: skip


def work(store: Store, options: argparse.Namespace) -> Result:
    """Store a work, or take one back."""
    person = surveys.acting_person(store, options.by)
    if options.withdraw:
        store.withdraw_work(options.withdraw, person=person.id)
        surveys.register(store, person)
        return {"work": options.withdraw, "withdrawn": True, "by": person.id}
    if not (options.site and options.quantity is not None and options.date):
        raise StepRefused(
            tr("登记改造需要点位、做了什么、数量和日期。"),
            tr("请写 --site、--what、--quantity、--quantity-unit、--date；撤回写 --withdraw 编号。"),
        )
    element = visits.element_named(store.definition(), options.element).code if options.element else ""
    kept = pictures.keep_pictures(store, [Path(file) for file in options.photo])
    new = NewWork(
        site=store.site(options.site).id, element=element, what=options.what, quantity=options.quantity,
        quantity_unit=options.quantity_unit, done_on=options.date, unit=options.unit, note=options.note,
        photos=tuple(p.sha256 for p in kept.photos),
    )  # fmt: skip
    made, _ = store.record_work(new, person=person.id, photos=kept.photos)
    surveys.register(store, person)
    return {"work": made, "withdrawn": False, "by": person.id,
            "refused_photos": [asdict(r) for r in kept.refused]}  # fmt: skip


def unit(store: Store, options: argparse.Namespace) -> Result:
    """Register a unit, or change what is given of it."""
    person = surveys.acting_person(store, options.by)
    held = next((u for u in store.known_units() if u.name == options.name.strip()), Unit(name=options.name))
    given: dict[str, Any] = {"contact": options.contact, "note": options.note, "hidden": options.hidden}
    given["unit_class"] = UnitClass(options.unit_class) if options.unit_class else None
    store.put_unit(held.model_copy(update={n: v for n, v in given.items() if v is not None}), person=person.id)
    surveys.register(store, person)
    return next(u for u in store.known_units() if u.name == options.name.strip()).model_dump(mode="json")


def day(store: Store, options: argparse.Namespace) -> Result:
    """Say what a day is, or let the calendar say it again."""
    person = surveys.acting_person(store, options.by)
    if options.drop:
        store.drop_day(options.date, person=person.id)
    else:
        new = SpecialDay(day=options.date, working=bool(options.working), note=options.note)
        store.put_day(new, person=person.id)
    surveys.register(store, person)
    return {"days": [d.model_dump() for d in store.special_days()]}


def answer_notice(store: Store, options: argparse.Namespace) -> Result:
    """Say what a filled notice proposes; with ``--apply`` take what is possible, as one group."""
    person = surveys.acting_person(store, options.by)
    folder = Path(options.photos) if options.photos else None
    found = notice_answers.read_answers(store, Path(options.xlsx), person=person.id, photos=folder)
    proposals = [
        {"finding": j.finding.id, "site": j.finding.site_name, "state": j.finding.state, "refused": j.refused,
         **{n: v for n, v in j.request.model_dump(mode="json").items() if v not in ("", None, [])}}
        for j in found.judged
    ]  # fmt: skip
    done = 0
    wanted = [WantedStep(finding=j.finding.id, request=j.request) for j in found.judged if not j.refused]
    if options.apply and wanted:
        done = len(store.record_steps(wanted, person=person.id, photos=found.photos).done)
        surveys.register(store, person)
    else:
        pictures.remove_unnamed(store, found.photos)
    return {"file": found.file, "units": list(found.units), "proposals": proposals, "untouched": found.untouched,
            "remarks": found.remarks, "applied": done}  # fmt: skip


COMMANDS: dict[str, Callable[[Store, argparse.Namespace], Result]] = {
    "step": step,
    "finding": finding,
    "work": work,
    "unit": unit,
    "day": day,
    "answer-notice": answer_notice,
}


def _add_step(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--finding", required=True, metavar="ID")
    act = parser.add_mutually_exclusive_group(required=True)
    act.add_argument("--to", choices=[s.value for s in FindingState], metavar="STATE")
    act.add_argument("--revert", action="store_true", help=tr("撤销最后一步（批量处理的一起撤销）"))
    act.add_argument("--adopt", metavar="STEP", default="", help=tr("两处处理不同：采用这一步（写明 --reason）"))
    parser.add_argument("--deadline", default="", metavar="DATE|15wd")
    parser.add_argument("--planned", type=float, default=None, metavar="N", help=tr("计划数量"))
    parser.add_argument("--quantity", type=float, default=None, metavar="N", help=tr("安装数量"))
    for name in ("unit", "responsible", "measure", "quantity-unit", "reason", "original", "inspection"):
        parser.add_argument(f"--{name}", default="")
    _add_common(parser)


def _add_finding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", required=True, metavar="CODE", help=tr("点位编码"))
    parser.add_argument("--element", default="", metavar="TYPE", help=tr("元素类型；不写指整个点位"))
    parser.add_argument("--number", type=int, default=1, help=tr("同类元素的序号"))
    parser.add_argument("--problem", required=True, choices=[p.value for p in Problem])
    parser.add_argument("--source", required=True, choices=[s.value for s in ReportSource], help=tr("怎样反映的"))
    parser.add_argument("--note", required=True, metavar="TEXT", help=tr("反映的问题"))
    parser.add_argument("--severity", choices=["", *(s.value for s in Severity)], default="")
    _add_common(parser)


def _add_work(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", default="", metavar="CODE", help=tr("点位编码"))
    parser.add_argument("--element", default="", metavar="TYPE", help=tr("元素类型；不写指整个点位"))
    parser.add_argument("--quantity", type=float, default=None, metavar="N", help=tr("数量"))
    parser.add_argument("--date", default="", metavar="DATE", help=tr("完成日期"))
    for name, text in (("what", tr("做了什么")), ("quantity-unit", tr("数量单位")), ("unit", tr("施工单位")),
                       ("note", tr("说明"))):  # fmt: skip
        parser.add_argument(f"--{name}", default="", help=text)
    parser.add_argument("--withdraw", default="", metavar="ID", help=tr("撤回这项改造"))
    _add_common(parser)


def _add_unit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help=tr("单位名称"))
    parser.add_argument("--class", dest="unit_class", default="", choices=["", *(c.value for c in UnitClass)])
    parser.add_argument("--contact", default=None, metavar="NAME", help=tr("联系人姓名"))
    parser.add_argument("--note", default=None)
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--hide", dest="hidden", action="store_const", const=True, default=None, help=tr("不再列出"))
    shown.add_argument("--show", dest="hidden", action="store_const", const=False, help=tr("重新列出"))
    parser.add_argument("--by", required=True, metavar="NAME")


def _add_answers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("xlsx", metavar="XLSX", help=tr("填好的整改通知单"))
    folder = tr("整改后照片的文件夹，按序号命名：3.jpg、3-2.jpg")
    parser.add_argument("--photos", default="", metavar="DIR", help=folder)
    parser.add_argument("--apply", action="store_true", help=tr("保存可以做的步骤（可以用 step --revert 一起撤销）"))
    parser.add_argument("--by", required=True, metavar="NAME")


def _add_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", required=True, metavar="DATE")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--holiday", action="store_true", help=tr("放假"))
    what.add_argument("--working", action="store_true", help=tr("上班"))
    what.add_argument("--drop", action="store_true", help=tr("恢复为公布的日历"))
    parser.add_argument("--note", default="")
    parser.add_argument("--by", required=True, metavar="NAME")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--photo", action="append", default=[], metavar="P")
    parser.add_argument("--by", required=True, metavar="NAME")
