"""Type in sheets of paper: which site a sheet is about, its date, and the visit that comes of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from barrierfree.errors import AnswerError, NotFoundError
from barrierfree.i18n import language, listed, tr
from barrierfree.model.records import Site
from barrierfree.model.words import Outcome, VisitState
from barrierfree.operations import site_work, surveys
from barrierfree.operations.paper_order import PaperCode, PaperPart, paper_mark, paper_parts, read_code
from barrierfree.operations.site_work import SiteWork
from barrierfree.store import Store, Submitted

SOURCE: Final = "paper"
_SHOWN: Final = 5  # sites named when the digits fit several
_WITHOUT_YEAR: Final = 183  # days back that a date without its year may lie: "12-28" typed in January
_DAY: Final = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?|(\d{4})?(\d{2})(\d{2})")
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.点时](\d{1,2})?分?)?|(\d{1,2})(\d{2})")


@dataclass(frozen=True)
class PaperWork:
    """A sheet to be typed in. ``full``: its code said so, or None; ``warnings``: what to know before, in words."""

    work: SiteWork
    parts: tuple[PaperPart, ...]
    full: bool | None
    warnings: tuple[str, ...]


def find_sheet(store: Store, text: str) -> PaperWork:
    """The sheet that ``text`` means: what a scanner typed, a point code, or the end of one.

    Raises ``NotFoundError`` for a code of another survey, a code nobody has, and digits that fit several sites.
    """
    code = read_code(text)
    site = _scanned(store, code) if code is not None else _typed(store, text)
    work = site_work.site_work(store, site.id)
    definition = store.definition()
    parts = paper_parts(definition, site, work.checkpoints)
    warnings = _warnings(store, work)
    if code is not None and code.mark and code.mark != paper_mark(parts):
        warnings.append(tr("这张表打印以后，题目或检查点有变化：题号可能不同，请按题目核对。"))
    return PaperWork(work, parts, code.full if code is not None and code.mark else None, tuple(warnings))


def _scanned(store: Store, code: PaperCode) -> Site:
    if code.survey != store.survey_mark():
        raise NotFoundError(
            tr("这张表属于另一次普查，没有打开。"), tr("请打开打印这张表的普查文件（上一轮的表录入到上一轮），再录入。")
        )
    site = store.site(code.site)
    return store.site(site.same_as) if site.same_as else site


def _typed(store: Store, text: str) -> Site:
    tidied = unicodedata.normalize("NFKC", text).strip()
    if not tidied:
        raise NotFoundError(tr("还没有写编码。"), tr("请扫描二维码，或输入整个编码、编码的末几位。"))
    found = store.sites_with_code_ending(tidied, _SHOWN + 1)
    exact = [s for s in found if s.code.upper() == tidied.upper()]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if found:
        shown = listed(f"{s.code} {s.name}" for s in found[:_SHOWN])
        raise NotFoundError(
            tr("有多个点位的编码以“{text}”结尾：{sites}。").format(
                text=tidied, sites=shown + ("…" if len(found) > _SHOWN else "")
            ),
            tr("请多输入几位。"),
        )
    try:
        site = store.site(tidied.upper())  # one that turned out to be another one keeps its code
    except NotFoundError:
        raise NotFoundError(
            tr("没有编码以“{text}”结尾的点位。").format(text=tidied[:60]),
            tr("请对照纸上的编码再输入，或到“调查”页按名称查找。"),
        ) from None
    return store.site(site.same_as) if site.same_as else site


def _warnings(store: Store, work: SiteWork) -> list[str]:
    said = []
    drafts = [d for d in work.drafts if d.answers or d.photos]
    if drafts:
        elements = store.definition().checklist
        known = {d.element: elements.element(d.element) for d in drafts}
        names = listed(e.label.in_language(language()) if e else code for code, e in known.items())
        said.append(tr("这个点位有没有提交的草稿（{names}），已填在下面，会一起提交。").format(names=names))
    waiting = [i.recorded_at[:10] for i in work.latest.values() if i.state is VisitState.SUBMITTED]
    if waiting:
        said.append(tr("{day} 已经提交过一次，等待审核；再录入就是又一次走访。").format(day=max(waiting)))
    if work.site.gone:
        said.append(tr("清单里已没有：{text}。不计入总数，仍可以填写。").format(text=work.site.gone))
    return said


def read_day(text: str, today: date) -> date:
    """The day that ``text`` writes: ``2026-11-20``, ``11-20``, ``11.20``, ``11月20日``, ``1120``, ``20261120``.

    Without a year the last such day, at most half a year back. Raises ``AnswerError`` for what is no day or to come.
    """
    tidied = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    match = _DAY.fullmatch(tidied)
    if match is None:
        raise AnswerError(tr("“{text}”不是日期。").format(text=text.strip()[:40]), tr("请写成 11-20 或 2026-11-20。"))
    year, month, day = (match[1] or match[4], match[2] or match[5], match[3] or match[6])
    try:
        found = date(int(year or today.year), int(month), int(day))
        if not year and found > today and (today - date(today.year - 1, int(month), int(day))).days <= _WITHOUT_YEAR:
            found = date(today.year - 1, int(month), int(day))
    except ValueError as error:
        raise AnswerError(
            tr("“{text}”不是日期。").format(text=text.strip()[:40]), tr("请写成 11-20 或 2026-11-20。")
        ) from error
    if found > today:
        raise AnswerError(
            tr("{day} 还没有到。").format(day=found.isoformat()),
            tr("走访日期不能晚于今天（{day}）。").format(day=today),
        )
    return found


def read_time(text: str) -> time:
    """The time that ``text`` writes: ``9:30``, ``0930``, ``9点30分``, ``9``; midnight for ''.

    Raises ``AnswerError``.
    """
    tidied = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    if not tidied:
        return time()
    match = _TIME.fullmatch(tidied)
    try:
        if match is None:
            raise ValueError(tidied)
        return time(int(match[1] or match[3]), int(match[2] or match[4] or 0))
    except ValueError as error:
        raise AnswerError(tr("“{text}”不是时间。").format(text=text.strip()[:40]), tr("请写成 9:30。")) from error


def read_moment(day: str, clock: str, now: datetime) -> datetime:
    """When the visit was, in the time zone of ``now``; midnight where no time was written.

    Raises ``AnswerError`` for what cannot be read or is still to come.
    """
    found = datetime.combine(read_day(day, now.date()), read_time(clock), now.tzinfo)
    if found > now + timedelta(minutes=1):
        raise AnswerError(tr("{time} 还没有到。").format(time=found.strftime("%H:%M")), tr("走访时间不能晚于现在。"))
    return found


def submit_sheet(
    store: Store, site: str, *, surveyor: str, entered_by: str, moment: datetime, outcome: Outcome, reason: str = ""
) -> Submitted:
    """Submit what was typed in (the drafts of ``site``) as the visit of ``surveyor`` at ``moment``.

    ``surveyor`` is a name or id, new names are registered; the visit says that ``entered_by`` (an id) typed it in.
    """
    person = surveys.acting_person(store, surveyor)
    at = moment.isoformat(timespec="seconds")
    done = site_work.submit_drafts(
        store, site, person=person.id, outcome=outcome, reason=reason, started=at, ended=at, source=SOURCE,
        entered_by=entered_by,
    )  # fmt: skip
    surveys.register(store, person)
    return done
