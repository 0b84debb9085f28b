"""The same operations as the window, in a terminal; reaches the window only to open it or to make a PDF."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from barrierfree import __version__, conformance, coordinates, i18n, paths
from barrierfree.cli import basemap, batches, profiles, rectification
from barrierfree.cli import formats as open_formats
from barrierfree.errors import AnswerError, BarrierFreeError, DefinitionError, StorageError, SurveyFileError
from barrierfree.i18n import tr
from barrierfree.model.words import Outcome
from barrierfree.operations import (
    editions,
    forms,
    history,
    lists,
    paper_sheets,
    photo_intake,
    photo_proposals,
    pictures,
    report_files,
    reports,
    sample,
    surveys,
    take_submissions,
    visits,
)
from barrierfree.settings import Settings
from barrierfree.store import Store

Result = dict[str, Any]


def run(given: list[str]) -> int:
    """Run the command that ``given`` names: 0 done, 1 refused, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    settings = Settings(paths.user_folders().settings)
    i18n.use(settings.choices.language)
    options = _parser().parse_args(given)
    try:
        result = COMMANDS[options.command](options, settings)
    except BarrierFreeError as error:
        _print_refusal(options, error)
        return 1
    refused = result.pop("refused", None)
    if refused is not None:
        _print_refusal(options, refused)
    try:
        if options.json:
            print(json.dumps(result, ensure_ascii=False, indent=1, default=str))
        else:
            _print_plainly(result)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough (list … | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(refused is not None)


def _print_refusal(options: argparse.Namespace, error: BarrierFreeError) -> None:
    said = {"message": error.message, "advice": error.advice}
    text = json.dumps(said, ensure_ascii=False) if options.json else f"{error.message}\n{error.advice}"
    print(text, file=sys.stderr)


def _print_plainly(result: Result) -> None:
    for name, value in result.items():
        if isinstance(value, list):
            print(f"{name}: {len(value)}")
            for item in value:
                line = " · ".join(str(v) for v in item.values() if v not in ("", None, [], {})) if isinstance(
                    item, dict
                ) else str(item)  # fmt: skip
                print(f"  {line}")
        elif isinstance(value, dict):
            print(f"{name}: {json.dumps(value, ensure_ascii=False)}")
        else:
            print(f"{name}: {value}")


def _open(options: argparse.Namespace, settings: Settings, *, write: bool) -> Store:
    store = Store.open(Path(options.file), device=settings.choices.device, read_only=not write)
    for warning in store.warnings:
        print(warning, file=sys.stderr)
    return store


# -- commands -------------------------------------------------------------------------------------------------------


def _new(options: argparse.Namespace, settings: Settings) -> Result:
    path = Path(options.file)
    remarks: list[str] = []
    definition = surveys.definition_named(options.definition, remarks) if options.definition else None
    for remark in remarks:
        print(remark, file=sys.stderr)
    if options.previous:
        made, carried = surveys.next_round(
            path, Path(options.previous), device=settings.choices.device, title=options.title, definition=definition
        )
        with made as store:
            return {"file": str(store.path), "definition": store.definition().name, **carried.model_dump(),
                    "told": surveys.told_round(carried)}  # fmt: skip
    if definition is None:
        raise DefinitionError(
            tr("没有指定普查定义。"),
            tr("请用 --definition 指定：{names}；或用 --from 从上一轮的文件开始。").format(
                names="、".join(surveys.definition_names())
            ),
        )
    if options.sample:
        made = sample.make_sample(path, definition, device=settings.choices.device)
        with made as store:
            figures = store.figures()
            return {"file": str(store.path), "definition": definition.name, "sites": figures.sites,
                    "findings": figures.findings}  # fmt: skip
    with surveys.new_survey(path, definition, device=settings.choices.device, title=options.title) as store:
        return {"file": str(store.path), "definition": definition.name, "sites": 0}


def _import(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=not options.dry_run) as store:
        report = lists.import_list(
            store, Path(options.list), datum=options.datum, within=Path(options.within) if options.within else None,
            sheet=options.sheet, mapping=Path(options.mapping) if options.mapping else None, decide=options.decide,
            dry_run=options.dry_run, person=settings.choices.person,
        )  # fmt: skip
    found = report.model_dump(mode="json", exclude={"changes"})
    if report.possible:
        print(
            tr("有 {n} 行可能是已有的点位，没有导入；请用 --decide same 或 --decide new 决定。").format(
                n=len(report.possible)
            ),
            file=sys.stderr,
        )
    return {"file": found.pop("file"), **found}


def _list(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=False) as store:
        if options.what == "history":
            return {"history": [asdict(change) for change in history.history(store, options.of)]}
        what: dict[str, Callable[[], Sequence[Any]]] = {
            "sites": store.sites, "checkpoints": store.checkpoints, "visits": store.visits,
            "inspections": store.inspections, "findings": store.findings,
            "steps": lambda: store.steps(all_of_them=True),
            "photos": store.photos, "batches": store.batches, "units": store.known_units, "works": store.works,
            "days": store.special_days, "results": store.entered_results,
            "disputes": store.disputes, "spot_checks": store.second_looks,
        }  # fmt: skip
        return {options.what: [record.model_dump(mode="json") for record in what[options.what]()]}


def _record(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=True) as store:
        definition = store.definition()
        site = store.site(options.site)
        element = visits.element_named(definition, options.element)
        answers = visits.read_answers(element, _answers_from(Path(options.answers)))
        kept = _kept(store, options.photo)
        inspection = visits.ready_inspection(
            definition, site, element, answers, number=options.number, photos=[p.sha256 for p in kept.photos]
        )
        person = surveys.acting_person(store, options.by)
        outcome = Outcome(options.outcome)
        done = visits.submit(
            store, site, [inspection], person=person.id, outcome=outcome, reason=options.reason, photos=kept.photos,
            photos_to_follow=options.photos_to_follow,
        )  # fmt: skip
        surveys.register(store, person)
        return {
            "visit": done.visit, "inspection": done.inspections[0], "findings": list(done.findings),
            "verdicts": visits.explained(definition, inspection), "by": person.id, "photos": len(kept.photos),
            "refused_photos": [asdict(r) for r in kept.refused],
        }  # fmt: skip


def _kept(store: Store, files: Sequence[str]) -> pictures.Kept:
    """The photos that were named, and those that could not be used."""
    return pictures.keep_pictures(store, [Path(file) for file in files])


def _answers_from(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(content, dict):
            raise ValueError(tr("不是一个对象"))
        return content
    except (OSError, ValueError) as error:
        raise AnswerError(
            tr("读不了回答文件“{path}”：{error}。").format(path=path, error=error),
            tr('请提供 JSON 对象，例如 {{"present": "yes", "clear_width": 0.95, "slope": "1:10"}}。').format(),
        ) from error


def _review(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=True) as store:
        store.visit(options.visit)
        person = surveys.acting_person(store, options.by)
        accept = options.return_reason is None
        store.review_visit(options.visit, accept=accept, person=person.id, reason=options.return_reason or "")
        surveys.register(store, person)
        visit = store.visit(options.visit)
        return {"visit": visit.id, "state": visit.state, "by": person.id}


def _rectification(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=True) as store:
        return rectification.COMMANDS[options.command](store, options)


def _log(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=False) as store:
        return {"file": str(history.export_log(store, Path(options.out))), "facts": store.count_facts()}


def _export(options: argparse.Namespace, settings: Settings) -> Result:
    if open_formats.check(options):
        with _open(options, settings, write=False) as store:
            return open_formats.run(store, options)
    with _open(options, settings, write=not (options.check or options.again)) as store:
        return batches.export(store, options, settings.choices.person)


def _answer(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=not options.check) as store:
        return batches.answer(store, options, settings.choices.person)


def _batches(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=False) as store:
        return batches.ledger(store, options)


def _profile(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=profiles.writes(options)) as store:
        return profiles.profile(store, options)


def _form(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=False) as store:
        return forms.export_form(store, Path(options.out)).model_dump()


def _submissions(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=not options.dry_run) as store:
        done = take_submissions.take_submissions(
            store, Path(options.source), media=Path(options.media) if options.media else None, by=options.by,
            dry_run=options.dry_run,
        )  # fmt: skip
    return {**done.model_dump(exclude={"file", "changes"}), "file": done.file}


def _photos(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=not options.dry_run) as store:
        person = surveys.acting_person(store, options.by)
        offset = photo_proposals.read_offset(options.offset)
        done = photo_intake.take_in(
            store, [Path(place) for place in options.folder], person.id, offset=offset, dry_run=options.dry_run,
            originals=options.originals,
        )  # fmt: skip
        if not options.dry_run:
            surveys.register(store, person)
        return {**done, "offset": photo_proposals.told_offset(offset), "by": person.id}


def _edition(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=options.adopt) as store:
        person = surveys.acting_person(store, options.by) if options.adopt else None
        remarks: list[str] = []
        new = editions.read_edition(store, options.definition, remarks)
        report = editions.compare_edition(store, new, remarks=tuple(remarks))
        if person:
            editions.adopt_edition(store, new, person=person.id)
            surveys.register(store, person)
        return {**report.model_dump(), "adopted": person is not None and not report.same}


def _paper(options: argparse.Namespace, settings: Settings) -> Result:
    out = Path(options.out)
    kind = out.suffix.lower()
    if kind not in (".pdf", ".html"):
        raise StorageError(
            tr("“{name}”不是 .pdf 也不是 .html。").format(name=out.name), tr("请在 --out 里写明 .pdf 或 .html。")
        )
    with _open(options, settings, write=False) as store:
        sites = paper_sheets.sites_for_paper(store, codes=options.site, community=options.community)
        page = paper_sheets.paper_page(store, sites, full=options.full)
    _write_page(page, out, pdf=kind == ".pdf")
    return {"sites": len(sites), "full": options.full, "file": str(out)}


def _write_page(page: str, out: Path, *, pdf: bool) -> None:
    """Write a page of HTML as it is, or as PDF."""
    with report_files.in_words(out), tempfile.TemporaryDirectory(prefix="barrierfree-paper-") as folder:
        report_files.check_target(out)
        if not pdf:
            out.write_text(page, encoding="utf-8")
            return
        from barrierfree import app, start  # Qt is needed only here

        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        file = Path(folder) / "page.html"
        file.write_text(page, encoding="utf-8")
        app.write_pdf(start.make_application(), [file], out)


def _report(options: argparse.Namespace, settings: Settings) -> Result:
    wanted = reports.ReportRequest(
        kind=options.kind, as_of=options.as_of, since=options.since, period=options.period, site=options.site,
        unit=options.unit, community=options.community, photos=options.photos, names=not options.no_names,
    )  # fmt: skip
    with _open(options, settings, write=False) as store:
        if options.format == "json":
            return reports.values(store, wanted)
        out = Path(options.out or reports.file_name(store, wanted, f".{options.format}"))
        if options.format == "xlsx":
            report_files.write_workbook(store, wanted, out)
            return {"kind": wanted.kind, "file": str(out)}
        with tempfile.TemporaryDirectory(prefix="barrierfree-report-") as folder:
            report_files.check_target(out)
            pages = report_files.write_pages(store, wanted, Path(folder))
            from barrierfree import app, start  # Qt is needed only here

            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
            with report_files.in_words(out):
                sheets = app.write_pdf(start.make_application(), pages, out)
    return {"kind": wanted.kind, "file": str(out), "pages": sheets}


def _result(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=True) as store:
        person = surveys.acting_person(store, options.by)
        day = options.on or store.clock().date().isoformat()
        if options.withdraw:
            store.withdraw_result(options.withdraw, person=person.id)
            made = options.withdraw
        else:
            number = conformance.parse_number(options.quantity) if options.quantity else 0.0
            made, _ = store.enter_result(
                options.label, number, options.quantity_unit, day, person=person.id, note=options.note
            )
        surveys.register(store, person)
        return {"result": made, "results": [r.model_dump() for r in store.entered_results()], "by": person.id}


def _check(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=False) as store:
        faults = store.check()
    refused = SurveyFileError(
        tr("发现 {n} 处问题。").format(n=len(faults)), tr("请不要继续使用这个文件，打开最近的备份，并联系维护人员。")
    )
    return {"file": options.file, "faults": faults, **({"refused": refused} if faults else {})}


def _coordinates(options: argparse.Namespace, _: Settings) -> Result:
    source, target = coordinates.read_datum(options.source), coordinates.read_datum(options.target)
    x, y = coordinates.convert(options.lon, options.lat, source, target)
    return {"x": x, "y": y, "from": source, "to": target,
            "accuracy_m": max(coordinates.accuracy_m(source), coordinates.accuracy_m(target))}  # fmt: skip


def _demo(options: argparse.Namespace, _: Settings) -> Result:
    from barrierfree import demo

    return demo.run(Path(options.out))


def _basemap(options: argparse.Namespace, settings: Settings) -> Result:
    with _open(options, settings, write=False) as store:
        return basemap.run(store, options, settings)


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], Result]] = {
    "new": _new, "import": _import, "list": _list, "log": _log, "record": _record, "review": _review,
    **dict.fromkeys(rectification.COMMANDS, _rectification),
    "export": _export, "answer": _answer, "batches": _batches, "form": _form, "submissions": _submissions,
    "photos": _photos, "edition": _edition, "paper": _paper, "profile": _profile, "report": _report, "result": _result,
    "check": _check,
    "coordinates": _coordinates, "basemap": _basemap, "demo": _demo,
}  # fmt: skip


RECORDS = ("sites", "checkpoints", "visits", "inspections", "findings", "steps", "photos", "batches", "units", "works",
           "days", "results", "disputes", "spot_checks", "history")  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="barrierfree", description=tr("离线无障碍普查。不带命令时打开窗口：barrierfree [FILE]")
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, text: str, *, file: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        if file:
            made.add_argument("file", metavar="FILE", help=tr("普查文件（.gpkg）"))
        made.add_argument("--json", action="store_true", help=tr("输出一个 JSON 对象"))
        return made

    new = add("new", tr("新建普查"))
    new.add_argument("--definition", default="", metavar="NAME", help=tr("普查定义的名称"))
    new.add_argument("--from", dest="previous", default="", metavar="OLD.gpkg", help=tr("从上一轮的普查文件开始"))
    new.add_argument("--title", default="", help=tr("普查名称"))
    new.add_argument("--sample", action="store_true", help=tr("填入示例点位和示例记录"))
    _add_import(add("import", tr("导入设施清单")))
    _add_list(add("list", tr("列出记录")))
    log = add("log", tr("导出全部记录：谁在什么时候把什么改成了什么"))
    log.add_argument("--out", required=True, metavar="FILE", help=tr(".xlsx 或 .csv"))
    _add_record(add("record", tr("登记一个检查点并提交走访")))
    review = add("review", tr("审核走访"))
    review.add_argument("--visit", required=True, metavar="ID")
    decision = review.add_mutually_exclusive_group(required=True)
    decision.add_argument("--accept", action="store_true")
    decision.add_argument("--return", dest="return_reason", metavar="REASON")
    review.add_argument("--by", required=True, metavar="NAME")
    rectification.add_parsers(add)
    export = add("export", tr("导出批次"))
    batches.add_export(export)
    open_formats.add_arguments(export)
    batches.add_parsers(add)
    _add_form(add("form", tr("导出手机表单（ODK Collect、KoboCollect）和点位清单")))
    _add_submissions(add("submissions", tr("导入手机提交的数据（ODK 的 .zip、KoboToolbox 的 .xlsx）")))
    _add_photos(add("photos", tr("导入手机里的照片，按拍摄时间和位置分到走访")))
    _add_edition(add("edition", tr("新版检查表：列出会改变什么，或采用它")))
    _add_paper(add("paper", tr("打印纸质检查表：每个点位一份，带编码和二维码")))
    profiles.add_parser(add("profile", tr("市系统导出方案：在用的是哪一个；检查、导出、导入、从模板新建")))
    _add_report(add("report", tr("生成报告")))
    _add_result(add("result", tr("填报检查记录里没有的成果（例如手册），或撤回一项")))
    add("check", tr("检查普查文件是否完好"))
    basemap.add_arguments(add("basemap", tr("底图：列出、添加、使用、删除")))
    convert = add("coordinates", tr("换算坐标"), file=False)
    convert.add_argument("lon", type=float)
    convert.add_argument("lat", type=float)
    convert.add_argument("--from", dest="source", required=True, metavar="D")
    convert.add_argument("--to", dest="target", required=True, metavar="D")
    demo = add("demo", tr("在真实窗口里演示全过程"), file=False)
    demo.add_argument("--out", required=True, metavar="DIR")
    return parser


def _add_list(shown: argparse.ArgumentParser) -> None:
    shown.add_argument("what", choices=RECORDS)
    shown.add_argument(
        "--of", default="", metavar="ID", help=tr("history：哪个点位（编号或编码）、走访、检查记录或问题")
    )


def _add_import(read: argparse.ArgumentParser) -> None:
    read.add_argument("list", metavar="LIST", help=tr("清单文件"))
    read.add_argument("--datum", default="", help=tr("wgs84、gcj02、bd09、cgcs2000 或 EPSG:n；不写时给出建议，不导入"))
    read.add_argument(
        "--mapping", metavar="FILE", default="", help=tr("哪一列是什么（JSON：字段到列名、列字母或列号）")
    )
    read.add_argument(
        "--decide", choices=["same", "new"], default="", help=tr("可能相同的行：都算同一点位，或都算新点位")
    )
    read.add_argument("--within", metavar="BOUNDARY.geojson", default="", help=tr("只导入边界以内的点位"))
    read.add_argument("--sheet", default="", help=tr("工作表名称"))
    read.add_argument("--dry-run", action="store_true", help=tr("只检查，不保存"))


def _add_record(record: argparse.ArgumentParser) -> None:
    record.add_argument("--site", required=True, metavar="CODE", help=tr("点位编码"))
    record.add_argument("--element", required=True, metavar="TYPE", help=tr("元素类型"))
    record.add_argument("--number", type=int, default=1, help=tr("同类元素的序号"))
    record.add_argument("--answers", required=True, metavar="ANSWERS.json", help=tr("问题名称和回答"))
    record.add_argument("--photo", action="append", default=[], metavar="P")
    record.add_argument("--photos-to-follow", action="store_true", help=tr("照片待补：稍后用“photos”导入"))
    record.add_argument("--outcome", choices=[o.value for o in Outcome], default="done")
    record.add_argument("--reason", default="")
    record.add_argument("--by", required=True, metavar="NAME")


def _add_form(form: argparse.ArgumentParser) -> None:
    form.add_argument("--out", required=True, metavar="DIR")


def _add_report(report: argparse.ArgumentParser) -> None:
    report.add_argument("--kind", choices=reports.KINDS, default="progress")
    report.add_argument("--format", choices=["json", "xlsx", "pdf"], default="json")
    report.add_argument("--as-of", default="", metavar="DATE", help=tr("截至哪一天；以前的日期按当天的记录还原"))
    report.add_argument("--since", default="", metavar="DATE", help=tr("从哪一天起"))
    report.add_argument(
        "--period", choices=["week", "month", "quarter", "year"], default="", help=tr("截至日期所在的周、月、季度、年")
    )
    report.add_argument("--site", default="", metavar="CODE", help=tr("点位编码"))
    report.add_argument("--unit", default="", metavar="NAME", help=tr("责任单位"))
    report.add_argument("--community", default="", metavar="NAME", help=tr("社区"))
    report.add_argument("--photos", action="store_true", help=tr("台账工作簿带照片"))
    report.add_argument("--no-names", action="store_true", help=tr("志愿者贡献不写姓名"))
    report.add_argument("--out", default="", metavar="FILE")


def _add_result(result: argparse.ArgumentParser) -> None:
    for name in ("label", "quantity", "quantity-unit", "note"):
        result.add_argument(f"--{name}", default="")
    result.add_argument("--on", default="", metavar="DATE", help=tr("完成日期；不写就是今天"))
    result.add_argument("--withdraw", default="", metavar="ID", help=tr("撤回这一项"))
    result.add_argument("--by", required=True, metavar="NAME")


def _add_submissions(taken: argparse.ArgumentParser) -> None:
    taken.add_argument("source", metavar="SOURCE", help=tr("导出的文件"))
    taken.add_argument("--media", default="", metavar="DIR", help=tr("照片所在的文件夹"))
    taken.add_argument("--dry-run", action="store_true", help=tr("只检查，不保存"))
    taken.add_argument("--by", default="", metavar="NAME", help=tr("表单没有写姓名时的普查人"))


def _add_photos(taken: argparse.ArgumentParser) -> None:
    taken.add_argument("folder", nargs="+", metavar="FOLDER", help=tr("照片所在的文件夹，或照片文件"))
    taken.add_argument(
        "--offset",
        default="+00:00:00",
        metavar="+00:03:20",
        help=tr("相机慢多少（时:分:秒）；快时写成 --offset=-00:03:20"),
    )
    taken.add_argument("--originals", action="store_true", help=tr("保留原图"))
    taken.add_argument("--dry-run", action="store_true", help=tr("只给出建议，不保存"))
    taken.add_argument("--by", required=True, metavar="NAME", help=tr("谁走访的"))


def _add_edition(edition: argparse.ArgumentParser) -> None:
    edition.add_argument("--definition", required=True, metavar="NAME|FOLDER|XLSX", help=tr("普查定义或检查表文件"))
    edition.add_argument("--adopt", action="store_true", help=tr("采用；已有的检查记录不变"))
    edition.add_argument("--by", default="", metavar="NAME")


def _add_paper(paper: argparse.ArgumentParser) -> None:
    paper.add_argument("--site", action="append", default=[], metavar="CODE", help=tr("点位编码，可以写多次"))
    paper.add_argument("--community", default="", metavar="NAME", help=tr("一个社区的全部点位"))
    paper.add_argument("--full", action="store_true", help=tr("全部条目；不写时只有关键条目"))
    paper.add_argument("--out", required=True, metavar="X.pdf|X.html")
