"""A random sample of accepted visits that somebody else looks at again (抽查), drawn so that it can be drawn again."""

from __future__ import annotations

import hashlib
import math
import re
import secrets
from collections.abc import Sequence
from datetime import date

from barrierfree.errors import StepRefused
from barrierfree.i18n import tr
from barrierfree.model.records import Changes
from barrierfree.model.second_looks import Sample
from barrierfree.store import Store


def new_seed() -> str:
    """A seed nobody chose: six digits, short enough to be written down."""
    return f"{secrets.randbelow(1_000_000):06d}"


def drawn(visits: Sequence[str], seed: str, count: int) -> list[str]:
    """``count`` of ``visits``: those with the smallest SHA-256 of seed and id, so the same on every computer."""
    return sorted(sorted(set(visits), key=lambda v: hashlib.sha256(f"{seed}|{v}".encode()).hexdigest())[:count])


def wanted_number(asked: str, of: int) -> int:
    """How many ``asked`` means: ``12``, or ``5%`` of the visits, rounded up. Raises ``StepRefused`` in words."""
    text = asked.strip().replace("％", "%").replace(" ", "")
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)(%?)", text)
    share = bool(match and match[2])
    number = float(match[1]) if match else 0.0
    if match is None or number <= 0 or (share and number > 100) or (not share and not number.is_integer()):
        raise StepRefused(
            tr("看不懂抽查的数量“{text}”。").format(text=asked), tr("请写成 12（次）或 5%（这段时间通过的走访）。")
        )
    return min(math.ceil(round(of * number / 100, 6)) if share else int(number), of)


def begin(store: Store, since: str, until: str, asked: str, seed: str, *, person: str) -> tuple[str, Changes]:
    """Draw a sample of the accepted visits of a period (ISO dates, both included) and ask for a second look at it.

    Raises ``StepRefused`` in words where nothing can be drawn.
    """
    for text in (since, until):
        _refuse_date(text)
    if until < since:
        raise StepRefused(tr("结束日期早于开始日期。"), tr("请把两个日期对调。"))
    if not seed.strip():
        raise StepRefused(tr("没有随机种子。"), tr("请填任意几个字，或保留自动给出的数字；同一种子抽出同样的走访。"))
    visits = store.visits_to_sample(since, until)
    if not visits:
        raise StepRefused(
            tr("{since} 至 {until} 没有审核通过、带检查记录的走访。").format(since=since, until=until),
            tr("请换一段时间。"),
        )
    count = wanted_number(asked, len(visits))
    sample = Sample(since=since, until=until, seed=seed.strip()[:40], asked=asked.strip(), of=len(visits))
    return store.ask_second_look(sample, drawn(visits, sample.seed, count), person=person)


def _refuse_date(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise StepRefused(tr("看不懂日期“{text}”。").format(text=text), tr("请写成 2026-11-10 这样的日期。")) from None
