"""What volunteers contributed: a page of thanks, by name and never by number."""

from __future__ import annotations

from collections.abc import Iterable

from barrierfree.i18n import tr
from barrierfree.model.figures import Contribution
from barrierfree.report.values import About, Report, Row, Section


def contributions(people: Iterable[Contribution], about: About, *, names: bool) -> Report:
    """What each person did. Without ``names``, and where a name was removed, people are numbered."""
    rows: list[Row] = []
    unnamed = 0
    total = [0] * 6
    for one in people:
        counts = (one.visits, one.accepted, one.returned, one.pending, one.inspections, one.photos)
        total = [a + b for a, b in zip(total, counts, strict=True)]
        unnamed += not (names and one.name)
        name = one.name if names and one.name else tr("普查人 {n}").format(n=unnamed)
        rows.append((name, one.visits, one.accepted, one.returned, one.pending, one.sites, one.inspections, one.photos,
                     one.days))  # fmt: skip
    section = Section(
        title=tr("志愿者的贡献"), widths=(16, 9, 11, 12, 11, 8, 15, 9, 9),
        headers=(tr("姓名"), tr("走访"), tr("其中通过"), tr("其中退回"), tr("其中待审核"), tr("点位"), tr("检查记录"),
                 tr("照片"), tr("天数")),
        rows=(*rows, (tr("合计"), *total[:4], None, *total[4:], None)),
        rule=tr("按提交走访的日期计。部分退回的走访计入通过。两人走访同一点位各计一次，所以点位和天数不合计。按姓名排列。"),
    )  # fmt: skip
    return Report(
        kind="contributions", title=tr("致谢：志愿者的贡献"), survey=about.survey, as_of=about.as_of,
        sample=about.sample, since=about.since, sections=(section,),
        note=tr("谨以此表感谢每一位参与者。数量多少取决于分到的点位和时间，不是质量的排名。"),
    )  # fmt: skip
