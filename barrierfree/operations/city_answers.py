"""What the city's system answered: read from its file, matched by our codes, shown, taken in as one."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from barrierfree import workbook
from barrierfree.errors import BatchError
from barrierfree.i18n import listed, mark, tr
from barrierfree.model.city import Answer, NewAnswer, Sending
from barrierfree.model.records import Changes
from barrierfree.operations.batches import hash_of, profile_alone
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import Store
from barrierfree.workbook import AnswerRow


class Match(StrEnum):
    """What becomes of a row of an answer."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    KNOWN = "known"
    REPEATED = "repeated"
    CONTRADICTED = "contradicted"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    UNCLEAR = "unclear"


MATCH_WORDS: Final[dict[Match, str]] = {
    Match.ACCEPTED: mark("市系统已接收"), Match.REJECTED: mark("市系统退回"), Match.KNOWN: mark("已经登记过"),
    Match.REPEATED: mark("文件里重复，内容相同"), Match.CONTRADICTED: mark("文件里重复，内容矛盾"),
    Match.UNKNOWN: mark("没有报送过这个编号"), Match.AMBIGUOUS: mark("这个编号对应几条记录"),
    Match.UNCLEAR: mark("看不出接收还是退回"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRow:
    """One row of the file: what becomes of it and why, and which sending it answers (None if it answers none)."""

    row: AnswerRow
    match: Match
    said: str = ""
    sending: Sending | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerPlan:
    """A preview of an answer. ``problems`` are rows that could not be read at all, in words."""

    file: str
    file_hash: str
    rows: tuple[MatchedRow, ...]
    problems: tuple[str, ...] = ()

    def count(self, match: Match) -> int:
        """How many rows have this outcome."""
        return sum(row.match is match for row in self.rows)

    @property
    def taken(self) -> tuple[MatchedRow, ...]:
        """The rows that will be taken in."""
        return tuple(row for row in self.rows if row.match in (Match.ACCEPTED, Match.REJECTED))


def plan_answers(
    store: Store, file: Path, *, profile_file: Path | None = None, progress: Progress = SILENT
) -> AnswerPlan:
    """Read an answer and say of each row what would become of it; writes nothing.

    A row answers the newest sending of its code; one whose file was taken in before stays with the sending it
    answered then.
    """
    profile = profile_alone(store, profile_file)
    if profile.answer is None:
        raise BatchError(
            tr("导出方案“{title}”没有写明市系统怎样答复。").format(title=profile.title),
            tr("请在方案里补上 answer：编号、结果、原因、市系统编号各在哪一列。"),
        )
    read = workbook.read_answers(profile.answer, file)
    progress.step(0, len(read.rows), tr("正在核对答复"))
    file_hash = hash_of(file)
    answered, sendings = _known_codes(store, read.rows)
    known: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)
    for answer in store.answers():
        known[answer.sending, answer.kind, answer.record].append(answer)
    seen: dict[str, AnswerRow] = {}
    contradicted = _contradicted(answered)
    rows = []
    for done, row in enumerate(answered):
        if done % 500 == 0:
            progress.step(done, len(answered))
        rows.append(_matched(row, sendings.get(row.code, []), known, seen, contradicted, file_hash))
        seen.setdefault(row.code, row)
    return AnswerPlan(file=file.name, file_hash=file_hash, rows=tuple(rows), problems=tuple(read.problems))


def _known_codes(store: Store, rows: Sequence[AnswerRow]) -> tuple[list[AnswerRow], dict[str, list[Sending]]]:
    """The rows, and what was sent by their codes; a code typed with full-width or small letters, or as ="…" so that no
    spreadsheet makes a number of it, is taken for the one that was sent.
    """
    sendings = dict(store.sendings_of_code([row.code for row in rows]))
    meant = {row.code: _plain_code(row.code) for row in rows if not sendings.get(row.code)}
    other = store.sendings_of_code([plain for code, plain in meant.items() if plain != code])
    found = {code: plain for code, plain in meant.items() if other.get(plain)}
    sendings |= {plain: other[plain] for plain in found.values()}
    return [replace(row, code=found[row.code]) if row.code in found else row for row in rows], sendings


def _plain_code(code: str) -> str:
    plain = unicodedata.normalize("NFKC", code).strip()
    if plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1]
    return plain.removeprefix("'").strip().upper()


def _contradicted(rows: Sequence[AnswerRow]) -> set[str]:
    """The codes about which the file says two different things."""
    said: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for row in rows:
        said[row.code].add((row.outcome, row.reason, row.city_number))
    return {code for code, outcomes in said.items() if len(outcomes) > 1}


def _matched(
    row: AnswerRow, sendings: Sequence[Sending], known: dict[tuple[str, str, str], list[Answer]],
    seen: dict[str, AnswerRow], contradicted: set[str], file_hash: str,
) -> MatchedRow:  # fmt: skip
    if not sendings:
        return MatchedRow(row=row, match=Match.UNKNOWN, said=tr("没有报送过编号“{code}”").format(code=row.code))
    if row.code in contradicted:
        said = tr("“{code}”在文件里出现多次，内容不同，请向市系统核实").format(code=row.code)
        return MatchedRow(row=row, match=Match.CONTRADICTED, said=said)
    if row.code in seen:
        said = tr("与第 {line} 行相同").format(line=seen[row.code].line)
        return MatchedRow(row=row, match=Match.REPEATED, said=said)
    if row.outcome == "unclear":
        said = tr("“{word}”不在方案的接收、退回用语里").format(word=row.state) if row.state else tr("还没有结果")
        return MatchedRow(row=row, match=Match.UNCLEAR, said=said)
    newest = sendings[-1]
    those = {(s.kind, s.record) for s in sendings if s.id == newest.id}
    if len(those) > 1:
        said = tr("“{code}”在批次 {number} 里有 {n} 行").format(code=row.code, number=newest.number, n=len(those))
        return MatchedRow(row=row, match=Match.AMBIGUOUS, said=said)
    earlier = _taken_before(row, sendings, known, file_hash)
    if earlier is not None:
        return MatchedRow(row=row, match=Match.KNOWN, sending=earlier, said=tr("这个文件的这一行已经登记过"))
    about = known.get((newest.id, newest.kind, newest.record), [])
    if any(a.in_force and _same(a, row) for a in about):
        return MatchedRow(row=row, match=Match.KNOWN, sending=newest, said=tr("已经登记过同样的答复"))
    match = Match.ACCEPTED if row.outcome == "accepted" else Match.REJECTED
    before = next((a for a in about if a.in_force), None)
    said = "" if before is None else tr("替换 {day} 登记的答复").format(day=before.at[:10])
    return MatchedRow(row=row, match=match, sending=newest, said=said)


def _taken_before(
    row: AnswerRow, sendings: Sequence[Sending], known: dict[tuple[str, str, str], list[Answer]], file_hash: str
) -> Sending | None:
    """The sending that this very row answered when its file was taken in before."""
    for one in reversed(sendings):
        for answer in known.get((one.id, one.kind, one.record), ()):
            if answer.file_hash == file_hash and answer.line == row.line:
                return one
    return None


def _same(answer: Answer, row: AnswerRow) -> bool:
    return (answer.accepted, answer.reason, answer.city_number) == (
        row.outcome == "accepted", row.reason, row.city_number
    )  # fmt: skip


def take_answers(store: Store, plan: AnswerPlan, *, person: str, progress: Progress = SILENT) -> tuple[int, Changes]:
    """Take the accepted and rejected rows in, all or none; (how many were new, changes)."""
    new = [
        NewAnswer(
            record=one.sending.record, kind=one.sending.kind, sending=one.sending.id,
            accepted=one.match is Match.ACCEPTED, reason=one.row.reason, city_number=one.row.city_number,
            code=one.row.code, file=plan.file, file_hash=plan.file_hash, line=one.row.line,
        )
        for one in plan.taken
        if one.sending is not None
    ]  # fmt: skip
    return store.record_answers(new, person=person, tick=progress.check)


def told(plan: AnswerPlan) -> str:
    """The preview in one line: how many rows of which outcome."""
    return listed(f"{tr(MATCH_WORDS[m])} {plan.count(m):,}" for m in Match if plan.count(m))
