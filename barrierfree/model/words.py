"""The fixed vocabularies: outcomes, states, verdicts, problem words, datums.

The Chinese words are the programme's own (states, problem words) or the design's (outcomes, verdicts); they are
shown through ``i18n.tr``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from barrierfree.i18n import mark


class Datum(StrEnum):
    """The datum of a coordinate as it was given; plane systems are written ``EPSG:n`` and are not in here."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    GCJ02MC = "gcj02mc"  # metres on the plane of Baidu's maps: understood when named, never offered
    BD09MC = "bd09mc"


OFFERED_DATUMS: Final = (Datum.WGS84, Datum.CGCS2000, Datum.GCJ02, Datum.BD09)


class RowKind(StrEnum):
    """What a row of a facility list is beside the survey."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"  # a known site of which the list says something else
    POSSIBLE = "possible"  # perhaps a known site, or another row; a person decides


class Outcome(StrEnum):
    """How a visit ended."""

    DONE = "done"
    PARTLY = "partly"
    CLOSED = "closed"
    NOT_FOUND = "not_found"
    NOT_REACHABLE = "not_reachable"
    REFUSED = "refused"

    @property
    def needs_reason(self) -> bool:
        """Whether a visit with this outcome must say why."""
        return self not in (Outcome.DONE, Outcome.PARTLY)


class VisitState(StrEnum):
    """Where a visit stands in review."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    PARTLY_RETURNED = "partly_returned"


class VerdictKind(StrEnum):
    """What a rule says about a measurement. Only ``NOT_MET`` proposes a finding."""

    MET = "met"
    NOT_MET = "not_met"
    CHECK_STANDARD = "check_standard"
    MEASURE_AGAIN = "measure_again"
    CANNOT_TELL = "cannot_tell"
    NOT_APPLICABLE = "not_applicable"


class Force(StrEnum):
    """How binding a clause is: 强制, 应, 宜."""

    MANDATORY = "强"
    SHALL = "应"
    SHOULD = "宜"


class SourceMark(StrEnum):
    """How sure a figure is: seen in the standard, seen second-hand, from memory, or no requirement at all."""

    PRIMARY = "P"
    SECONDARY = "2"
    MEMORY = "M"
    BETTER = "better"
    GUIDE = "guide"

    @property
    def gives_hard_verdicts(self) -> bool:
        """Figures from memory, ratings and guides never become a hard verdict."""
        return self in (SourceMark.PRIMARY, SourceMark.SECONDARY)


class Problem(StrEnum):
    """Problem words of the programme (union of the action plan's words and GB 50642)."""

    MISSING = "missing"
    NON_COMPLIANT = "non_compliant"
    DISCONNECTED = "disconnected"
    DAMAGED = "damaged"
    OCCUPIED = "occupied"
    UNUSED = "unused"
    DIRTY = "dirty"
    SIGN_MISSING = "sign_missing"


class Severity(StrEnum):
    """How bad a problem is for those who come there."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ReportSource(StrEnum):
    """How a problem came to be known that nobody has inspected yet."""

    CALL = "call"
    WALK_IN = "walk_in"
    WEB = "web"
    OTHER = "other"


class UnitClass(StrEnum):
    """The field a responsible unit works in: the programme's four key areas (重点领域) and the housing estates."""

    ROADS = "roads"
    TRANSPORT = "transport"
    SERVICES = "services"
    INFORMATION = "information"
    HOUSING = "housing"


class Standing(StrEnum):
    """Where a recorded step stands among the others of its finding."""

    IN_FORCE = "in_force"
    REVERTED = "reverted"
    RIVAL = "rival"  # two followers of one step that say different things; a person decides
    PASSED_OVER = "passed_over"  # the other one was decided for, or it builds on such a step
    SAME = "same"  # says what the step in force says: recorded on two computers
    WAITING = "waiting"  # the step it follows has not arrived


class FindingState(StrEnum):
    """The life of a finding."""

    REPORTED = "reported"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLAIMED = "claimed"
    RECTIFIED = "rectified"
    SOFT_SERVICE = "soft_service"
    TRANSFERRED = "transferred"
    DUPLICATE = "duplicate"
    INVALID = "invalid"

    @property
    def closed(self) -> bool:
        """Closed by repair or otherwise."""
        return self not in OPEN_STATES


OPEN_STATES: Final = frozenset(
    {FindingState.REPORTED, FindingState.OPEN, FindingState.IN_PROGRESS, FindingState.CLAIMED}
)
CLOSED_OTHERWISE: Final = frozenset(
    {FindingState.SOFT_SERVICE, FindingState.TRANSFERRED, FindingState.DUPLICATE, FindingState.INVALID}
)


class Status(StrEnum):
    """What a site or checkpoint shows; for the worst first see ``STATUS_ORDER``."""

    NOT_SURVEYED = "not_surveyed"
    PENDING = "pending"  # partly inspected, or submitted and not yet reviewed
    MET = "met"
    NOT_INSPECTED = "not_inspected"  # closed, not found, not reachable, refused
    QUESTION = "question"  # disputed, measure again, conflict
    REPORTED = "reported"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLAIMED = "claimed"
    SOFT_SERVICE = "soft_service"  # a limit is not met, and the finding was closed otherwise than by repair

    @property
    def unfinished(self) -> bool:
        """Whether somebody still has to survey here: never inspected, only partly, or doubtful."""
        return self in (Status.NOT_SURVEYED, Status.PENDING, Status.QUESTION)


# product: "a site shows its worst: open > claimed > disputed > not surveyed > met".
STATUS_ORDER: Final = (
    Status.OPEN,
    Status.IN_PROGRESS,
    Status.CLAIMED,
    Status.REPORTED,
    Status.QUESTION,
    Status.PENDING,
    Status.NOT_SURVEYED,
    Status.NOT_INSPECTED,
    Status.SOFT_SERVICE,
    Status.MET,
)

LABELS: Final[dict[str, str]] = {
    Datum.WGS84: "WGS-84",
    Datum.CGCS2000: "CGCS2000",
    Datum.GCJ02: "GCJ-02",
    Datum.BD09: "BD-09",
    Datum.GCJ02MC: mark("GCJ-02 墨卡托（百度）"),
    Datum.BD09MC: mark("BD-09 墨卡托"),
    "row.new": mark("新增"),
    "row.same": mark("相同"),
    "row.changed": mark("有变化"),
    "row.possible": mark("可能相同"),
    "outcome.done": mark("已完成"),
    "outcome.partly": mark("部分完成"),
    "outcome.closed": mark("未开放"),
    "outcome.not_found": mark("未找到"),
    "outcome.not_reachable": mark("无法到达"),
    "outcome.refused": mark("被拒绝"),
    "visit.submitted": mark("待审核"),
    "visit.accepted": mark("已通过"),
    "visit.returned": mark("已退回"),
    "visit.partly_returned": mark("部分退回"),
    "verdict.met": mark("达标"),
    "verdict.not_met": mark("不达标"),
    "verdict.check_standard": mark("请核对标准"),
    "verdict.measure_again": mark("请复测"),
    "verdict.cannot_tell": mark("无法判定"),
    "verdict.not_applicable": mark("不适用"),
    "problem.missing": mark("应建未建（缺失）"),
    "problem.non_compliant": mark("尺寸不达标"),
    "problem.disconnected": mark("不衔接（断点）"),
    "problem.damaged": mark("损坏"),
    "problem.occupied": mark("占用"),
    "problem.unused": mark("闲置"),
    "problem.dirty": mark("污染、积雪"),
    "problem.sign_missing": mark("标识缺失"),
    "severity.high": mark("严重"),
    "severity.medium": mark("一般"),
    "severity.low": mark("轻微"),
    "source.call": mark("来电"),
    "source.walk_in": mark("来访"),
    "source.web": mark("网络"),
    "source.other": mark("其他"),
    "unit.roads": mark("城市道路"),
    "unit.transport": mark("公共交通"),
    "unit.services": mark("公共服务场所"),
    "unit.information": mark("信息交流"),
    "unit.housing": mark("居住区"),
    "standing.in_force": mark("有效"),
    "standing.reverted": mark("已撤销"),
    "standing.rival": mark("待裁定"),
    "standing.passed_over": mark("未采用"),
    "standing.same": mark("两处相同"),
    "standing.waiting": mark("等待前一步"),
    "finding.reported": mark("待核实"),
    "finding.open": mark("未整改"),
    "finding.in_progress": mark("整改中"),
    "finding.claimed": mark("待验收"),
    "finding.rectified": mark("已整改"),
    "finding.soft_service": mark("软服务"),
    "finding.transferred": mark("移交"),
    "finding.duplicate": mark("重复"),
    "finding.invalid": mark("不属实"),
    "status.not_surveyed": mark("未普查"),
    "status.pending": mark("进行中"),
    "status.met": mark("达标"),
    "status.not_inspected": mark("未能检查"),
    "status.question": mark("待复核"),
    "status.reported": mark("待核实"),
    "status.open": mark("未整改"),
    "status.in_progress": mark("整改中"),
    "status.claimed": mark("待验收"),
    "status.soft_service": mark("软服务、移交"),
    "force.强": mark("强制"),
    "force.应": mark("应"),
    "force.宜": mark("宜"),
}

_PREFIX: Final[dict[type[StrEnum], str]] = {
    RowKind: "row.",
    Outcome: "outcome.",
    VisitState: "visit.",
    VerdictKind: "verdict.",
    Problem: "problem.",
    Severity: "severity.",
    ReportSource: "source.",
    UnitClass: "unit.",
    Standing: "standing.",
    FindingState: "finding.",
    Status: "status.",
    Force: "force.",
}


def label(word: StrEnum) -> str:
    """The Chinese word for an enum value (translate it with ``i18n.tr`` to show it)."""
    return LABELS[_PREFIX.get(type(word), "") + word.value]
