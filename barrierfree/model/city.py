"""What goes to the city's system and comes back: which records are wanted, what was sent, what was answered."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, Literal

from barrierfree.i18n import mark
from barrierfree.model.definition import Model
from barrierfree.model.words import FindingState

RowKind = Literal["site", "checkpoint", "finding"]
ROW_KINDS: Final[tuple[RowKind, ...]] = ("site", "checkpoint", "finding")
Selection = Literal["new", "changed", "rejected", "all"]
Plain = dict[str, Any]  # our fields of one record before a profile dresses them, as JSON holds them


class BatchFilter(Model):
    """Which records a batch is made of; empty fields do not restrict.

    - ``what``: ``new`` (accepted and never sent, by batch or by hand), ``changed`` (sent in another state),
      ``rejected`` (the city rejected what was sent last), ``all``
    - ``states``: of findings; a site or a checkpoint is taken for any finding in one of them
    - ``since``, ``until``: ISO dates, both included, of the day on which a record was accepted or last changed
    - ``records``: ids or codes, of sites (then all that belongs to them) or of single records
    """

    what: Selection = "new"
    communities: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    states: tuple[FindingState, ...] = ()
    since: str = ""
    until: str = ""
    records: tuple[str, ...] = ()


class CityState(StrEnum):
    """How a record stands with the city's system."""

    NOT_SENT = "not_sent"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CHANGED = "changed"


CITY_WORDS: Final[dict[CityState, str]] = {
    CityState.NOT_SENT: mark("未报送"), CityState.WAITING: mark("已报送，等待答复"),
    CityState.ACCEPTED: mark("市系统已接收"), CityState.REJECTED: mark("市系统退回"),
    CityState.CHANGED: mark("报送后有变化"),
}  # fmt: skip


class BatchRow(Model):
    """One row of a batch: which record went, and in which state of it.

    ``values_hash`` is that of the values; ``state`` that of the record itself (``operations.batch_values``), '' in
    batches of before; ``inspection`` and ``step`` name the facts it rested on.
    """

    record: str
    code: str
    values_hash: str
    kind: RowKind = "finding"
    state: str = ""
    inspection: str = ""
    step: str = ""


class BatchFile(Model):
    """A file of a batch: its name below the folder of the batch, and its SHA-256."""

    name: str
    sha256: str


class LeftOut(Model):
    """A row that was left out of a batch by name although (or because) it was faulty."""

    record: str
    kind: RowKind
    code: str
    reason: str = ""


class NewBatch(Model):
    """What a batch handed over, to be remembered. ``values`` are the plain values of ``rows``, in their order."""

    number: str
    profile: str
    rows: tuple[BatchRow, ...]
    values: tuple[Plain, ...] = ()
    profile_text: str = ""
    template: bytes = b""
    wanted: BatchFilter = BatchFilter()
    words: str = ""  # the filter in words
    files: tuple[BatchFile, ...] = ()  # the workbooks first
    left_out: tuple[LeftOut, ...] = ()


class Batch(Model):
    """What was handed to the city's system, and how much of it was answered so far.

    ``file`` and ``sha256`` are those of its first workbook. ``waiting`` counts rows of which nothing newer was sent
    and that have no answer; ``superseded`` rows without an answer that were sent again since.
    """

    id: str
    number: str
    made_at: str
    person: str
    person_name: str
    profile: str
    selection: str
    file: str
    rows: int
    sha256: str = ""
    words: str = ""
    profile_hash: str = ""  # '' for a batch of before: it cannot be made again
    files: tuple[BatchFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    accepted: int = 0
    rejected: int = 0
    superseded: int = 0

    @property
    def waiting(self) -> int:
        """Rows the city has not answered yet."""
        return self.rows - self.accepted - self.rejected - self.superseded


class KeptBatch(Model):
    """All that is needed to make a batch again."""

    batch: Batch
    profile_text: str
    template: bytes
    rows: tuple[BatchRow, ...]
    values: tuple[Plain, ...]


class NewEntry(Model):
    """A record that somebody typed into the city's system."""

    record: str
    kind: RowKind
    code: str
    values_hash: str
    state: str
    values: Plain
    city_number: str = ""
    inspection: str = ""
    step: str = ""


class Entry(Model):
    """A record typed in by hand, as it stands."""

    id: str
    record: str
    kind: RowKind
    code: str
    made_at: str
    person: str
    person_name: str
    city_number: str
    taken_back: bool = False


class EntryDay(Model):
    """What was typed in by hand on one day, and how the city answered so far."""

    day: str
    people: tuple[str, ...]
    rows: int
    accepted: int
    rejected: int


class NewAnswer(Model):
    """What the city said about one row that was sent. The same ``line`` of the same file is the same answer."""

    record: str
    kind: RowKind
    sending: str  # the batch or the entry
    accepted: bool
    reason: str = ""
    city_number: str = ""
    code: str = ""
    file: str = ""
    file_hash: str = ""
    line: int = 0


class Answer(NewAnswer):
    """An answer as it stands; ``in_force`` unless a later one about the same sending replaces it."""

    id: str
    at: str
    person: str
    person_name: str
    in_force: bool = True


class Sending(Model):
    """One time a record went: by a batch (with its number) or by hand (``number`` is '')."""

    id: str
    record: str
    kind: RowKind
    code: str
    number: str
    made_at: str
    values_hash: str
    state: str
    inspection: str = ""
    step: str = ""


class SentState(Model):
    """How a record that was sent stands: what went last, the city's answer to that, and the city's number."""

    last: Sending
    state: CityState
    reason: str = ""
    city_number: str = ""
    answered_at: str = ""


class RejectedRow(Model):
    """A record that came back from the city and was not sent since."""

    record: str
    kind: RowKind
    code: str
    site: str
    site_name: str
    site_code: str
    community: str
    number: str  # of the batch; '' by hand
    reason: str
    answered_at: str


class RecordHistory(Model):
    """Every batch, entry by hand and answer about one record, oldest first."""

    sendings: tuple[Sending, ...] = ()
    entries: tuple[Entry, ...] = ()
    answers: tuple[Answer, ...] = ()
