"""The history of a record as differences: which field, what it was, what it became, who, when, on which computer.

Facts in, words out. What was there before is what a fact says it replaces (``base``), never what a clock says.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from barrierfree import cells
from barrierfree.errors import StorageError
from barrierfree.i18n import bracketed, language, listed, mark, named, tr
from barrierfree.model import words
from barrierfree.model.definition import Definition, ElementType
from barrierfree.model.history import Change, LogFact
from barrierfree.model.words import FindingState, Outcome, Problem, Severity, VisitState
from barrierfree.operations.answer_words import changed_answers
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import Store
from barrierfree.workbook import Table, write_tables

Find = Callable[[str], LogFact | None]
_KINDS: Final = {
    "survey": mark("普查设置"), "definition": mark("检查表"), "person": mark("人员"), "site": mark("点位"),
    "checkpoint": mark("增加检查点"), "same_site": mark("是否同一点位"), "list": mark("导入清单"),
    "earlier": mark("上一轮的记录"), "visit": mark("走访"), "inspection": mark("检查记录"), "review": mark("审核"),
    "photos": mark("补照片"), "photo": mark("照片"), "finding": mark("上报问题"), "step": mark("整改步骤"),
    "revert": mark("撤回一步"), "choice": mark("裁定冲突"), "unit": mark("责任单位"), "day": mark("放假安排"),
    "work": mark("改造"), "batch": mark("批次"), "adopt": mark("裁定分歧"), "second_look": mark("请人复查"),
    "second_look_end": mark("结束复查"), "result": mark("填报成果"), "entry": mark("录入市系统"),
    "answer": mark("市系统答复"), "batch_profile": mark("导出方案"),
}  # fmt: skip
_FIELDS: Final = {
    "name": mark("名称"), "address": mark("地址"), "community": mark("社区"), "site_class": mark("点位类别"),
    "position": mark("位置"), "source": mark("来源"), "note": mark("备注"), "code": mark("编码"),
    "district": mark("区"), "street": mark("街道"), "grid": mark("网格"), "city_number": mark("市系统编号"),
    "gone": mark("清单里已没有"), "final_code": mark("正式编码"), "title": mark("标题"), "round": mark("轮次"),
    "sample": mark("示例"), "main_device": mark("总库所在电脑"), "definition": mark("检查表"),
    "outcome": mark("结果"), "reason": mark("原因"), "started": mark("开始"), "ended": mark("结束"),
    "decision": mark("审核结果"), "problem": mark("问题"), "rules": mark("条文"), "severity": mark("严重程度"),
    "to": mark("状态"), "unit": mark("责任单位"), "responsible": mark("责任人"), "deadline": mark("期限"),
    "deadline_note": mark("期限说明"), "measure": mark("整改措施"), "planned": mark("计划数量"),
    "quantity": mark("安装数量"), "quantity_unit": mark("数量单位"), "photos": mark("照片"),
    "original": mark("与哪个问题重复"), "inspection": mark("检查记录"), "over": mark("不再采用"),
    "number": mark("编号"), "file": mark("文件"), "rows": mark("行数"), "same": mark("是同一点位"),
    "kept": mark("保留的点位"), "element": mark("元素"), "label": mark("成果"), "day": mark("日期"),
    "withdrawn": mark("撤回"), "photos_to_follow": mark("照片待补"), "entered_by": mark("录入人"),
    "accepted": mark("市系统接收"), "words": mark("选择"), "selection": mark("选择"), "profile": mark("导出方案"),
    "line": mark("行号"),
}  # fmt: skip
# What identifies a record and is not told as a change of it, or is too large to be one.
_SILENT: Final = frozenset({
    "site", "visit", "checkpoint", "checklist", "verdicts", "answers", "problems", "follows", "group", "request",
    "content", "rows_hash", "sha256", "items", "sample", "why", "evidence", "taken_over", "gone_findings", "datum",
    "values", "values_hash", "state", "step", "filter", "files", "left_out", "profile_hash", "profile_text", "template",
    "file_hash", "sending", "before", "kind", "entry", "batch", "key",
})  # fmt: skip
_MOST: Final = 2000  # characters of a value


def changes(facts: Iterable[LogFact], find: Find, definition: Definition) -> Iterator[Change]:
    """What each fact changed, in the order of ``facts``; one without any field gives one line all the same."""
    for fact in facts:
        about = _about(fact, definition)
        told = [line for line in _lines(fact, find, definition) if line[1] != line[2]]
        for field, old, new in told or [("", "", "")]:
            yield Change(
                fact=fact.id, at=fact.recorded_at, person=fact.person_name, device=fact.device[-6:],
                what=tr(_KINDS.get(fact.kind, fact.kind)), about=about, field=field, old=old[:_MOST], new=new[:_MOST],
            )  # fmt: skip


def history(store: Store, record: str) -> list[Change]:
    """The history of a site (by id or code), visit, inspection or finding, newest first; each fact's fields in order.

    Raises ``NotFoundError`` if nothing has this id.
    """
    facts = store.log_of(record)
    return list(changes(reversed(facts), _finder(store, facts), store.definition()))


def export_log(store: Store, target: Path, progress: Progress = SILENT) -> Path:
    """Write the whole log, oldest first: as a workbook, or as CSV (UTF-8 with mark) if the name ends so.

    Raises ``StorageError`` where the file cannot be written; then nothing is left of it.
    """
    total, seen = store.count_facts(), 0

    def facts() -> Iterator[LogFact]:
        nonlocal seen
        for fact in store.log():
            seen += 1
            if seen % 500 == 1:
                progress.step(seen, total, tr("正在导出记录"))
            yield fact

    told = changes(facts(), _finder(store, ()), store.definition())
    rows = ((c.at, c.person, c.device, c.what, c.about, c.field, c.old, c.new, c.fact) for c in told)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix.lower() == ".csv":
            _write_csv(target, rows)
        else:
            write_tables(target, [Table(title=tr("全部记录"), headers=_headers(), rows=rows)])
    except OSError as error:
        raise StorageError(
            tr("没有写成：{path}").format(path=target), tr("请检查文件夹是否可以写入、文件是否正被打开。")
        ) from error
    return target


def _headers() -> tuple[str, ...]:
    return (tr("时间"), tr("人员"), tr("电脑"), tr("什么"), tr("对象"), tr("项目"), tr("原来"), tr("改为"), tr("编号"))


def _write_csv(target: Path, rows: Iterable[Sequence[str]]) -> None:
    aside = target.with_name(target.name + ".part")
    try:
        with aside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_headers())
            for row in rows:
                writer.writerow([_safe(text) for text in row])
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _safe(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    clean = cells.clean(text)
    return f"'{clean}" if cells.looks_like_formula(clean) else clean


def _finder(store: Store, facts: Sequence[LogFact]) -> Find:
    held = {fact.id: fact for fact in facts}

    def find(fact_id: str) -> LogFact | None:
        if fact_id not in held:
            return store.facts_named([fact_id]).get(fact_id)
        return held[fact_id]

    return find


# -- one fact -------------------------------------------------------------------------------------------------------


def _about(fact: LogFact, definition: Definition) -> str:
    payload = fact.payload
    if fact.kind == "site" and payload.get("name"):
        return str(payload["name"])
    element = _element(definition, str(payload.get("element", "")))
    name = element.label.in_language(language()) if element else str(payload.get("element", ""))
    number = payload.get("number", 1)
    return f"{name} {number}" if name and isinstance(number, int) and number > 1 else name


def _lines(fact: LogFact, find: Find, definition: Definition) -> list[tuple[str, str, str]]:
    """Field, old and new of a fact, in words."""
    if fact.kind == "inspection":
        return _inspection(fact, find, definition)
    if fact.kind == "step":
        return _step(fact, find, definition)
    if fact.kind == "photos":
        count = sum(len(photos) for photos in fact.payload.get("inspections", {}).values())
        return [(tr("照片"), "", tr("{n} 张").format(n=count))]
    if fact.kind == "second_look":
        return [(tr("复查"), "", tr("{n} 次走访").format(n=len(fact.payload["items"])))]
    lines = []
    order = list(_FIELDS)
    for name, value in sorted(fact.payload.items(), key=lambda x: order.index(x[0]) if x[0] in _FIELDS else len(order)):
        if name in _SILENT:
            continue
        old = _replaced(fact, name, find)
        lines.append((_field(name), _value(name, old, definition), _value(name, value, definition)))
    return lines


def _replaced(fact: LogFact, name: str, find: Find) -> Any:
    """The value that a fact replaces in one field; None if there was none."""
    for base in [*fact.base.get(name, ()), *fact.base.get("", ())]:
        before = find(base)
        if before is not None and name in before.payload:
            return before.payload[name]
    return None


def _inspection(fact: LogFact, find: Find, definition: Definition) -> list[tuple[str, str, str]]:
    before = next((b for b in map(find, fact.base.get("", ())) if b is not None and b.kind == "inspection"), None)
    old: Mapping[str, Any] = before.payload if before else {}
    element = _element(definition, str(fact.payload["element"]))
    lines = [
        (title, was if before else "", now)
        for title, was, now in changed_answers(element, old.get("answers", {}), fact.payload["answers"])
    ]
    was, now = (
        listed(_label(Problem, p["problem"]) for p in one)
        for one in (old.get("problems", []), fact.payload["problems"])
    )
    lines.append((tr("上报问题"), was, now))
    was, now = (_value("photos", one, definition) for one in (old.get("photos", []), fact.payload["photos"]))
    lines.append((tr("照片"), was, now))
    return lines


def _step(fact: LogFact, find: Find, definition: Definition) -> list[tuple[str, str, str]]:
    before: list[Mapping[str, Any]] = []
    at = find(str(fact.payload.get("follows", "")))
    while at is not None and len(before) < 200:
        before.append(at.payload["request"])
        at = find(str(at.payload.get("follows", "")))
    state = before[0]["to"] if before else FindingState.REPORTED
    request = fact.payload["request"]
    lines = [(_field("to"), _label(FindingState, state), _label(FindingState, request["to"]))]
    for name, value in request.items():
        if name == "to" or value in ("", None, [], ()):
            continue
        # a reason and photos belong to one step; the others hold until a later step names another
        old = None if name in ("reason", "photos") else next((b[name] for b in before if b.get(name)), None)
        lines.append((_field(name), _value(name, old, definition), _value(name, value, definition)))
    return lines


# -- words ----------------------------------------------------------------------------------------------------------


def _element(definition: Definition, code: str) -> ElementType | None:
    return definition.checklist.element(code)


def _field(name: str) -> str:
    return tr(_FIELDS[name]) if name in _FIELDS else name


def _label(kind: type[Any], value: Any) -> str:
    return tr(words.label(kind(value))) if value in {member.value for member in kind} else str(value)


def _value(name: str, value: Any, definition: Definition) -> str:
    """A value of a field in words; '' for nothing."""
    if value in ("", None, [], {}):
        return ""
    if isinstance(value, bool):
        return tr("是") if value else tr("否")
    if name == "position" and isinstance(value, Mapping):
        place = f"{value['lat']:.6f}, {value['lon']:.6f}"
        return bracketed(place, _datum(str(value.get("datum", ""))))
    if name == "photos":
        return tr("{n} 张").format(n=len(value))
    if name == "site_class":
        known = definition.site_class(str(value))
        return known.label.in_language(language()) if known else str(value)
    if name == "decision":
        return tr(words.label(VisitState.ACCEPTED if value == "accept" else VisitState.RETURNED))
    for field, enum in (("outcome", Outcome), ("problem", Problem), ("severity", Severity)):
        if name == field:
            return _label(enum, value)
    if name == "element":
        element = _element(definition, str(value))
        return element.label.in_language(language()) if element else str(value)
    if name == "inspections":
        return tr("{n} 条").format(n=len(value))
    if isinstance(value, list):
        return listed(str(v) for v in value) if len(value) <= 20 else tr("{n} 项").format(n=len(value))
    if isinstance(value, Mapping):
        return listed(named(str(k), str(v)) for k, v in list(value.items())[:20])
    return str(value)


def _datum(datum: str) -> str:
    return words.LABELS.get(datum, datum)
