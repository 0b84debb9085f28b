"""The words of the batches page: sorts of faults with their cure, how a record stands with the city's system."""

from __future__ import annotations

from typing import Final

from barrierfree.i18n import mark, named, phrased, sentences, tr
from barrierfree.model.city import Batch, CityState, RowKind, SentState

SORTS: Final = {
    "template": mark("模板"),
    "cell": mark("单元格内容"),
    "position": mark("没有位置"),
    "outside": mark("超出普查范围"),
    "photo": mark("照片缺失"),
    "photo_name": mark("照片重名"),
    "duplicate": mark("重复报送"),
    "provisional": mark("临时编号"),
    "number": mark("市系统编号重复"),
    "key": mark("答复编号不唯一"),
}
CURES: Final = {
    "template": mark("按回车在“导出方案…”里改方案，或换上市系统的新模板。"),
    "cell": mark("按回车打开记录，改正这一项。"),
    "position": mark("按回车打开点位，补上位置。"),
    "outside": mark("按回车打开点位，核对位置和坐标系。"),
    "photo": mark("把照片放回照片文件夹，或打开点位重新添加。"),
    "photo_name": mark("按回车在“导出方案…”里改照片文件名。"),
    "duplicate": mark("按回车查看报送经过；不用再报就排除这一行。"),
    "provisional": mark("先在“数据”页合并到总库，取得正式编号。"),
    "number": mark("按回车打开记录，核对市系统编号。"),
    "key": mark("按回车在“导出方案…”里换一个答复编号。"),
}
KINDS: Final[dict[RowKind, str]] = {
    "site": mark("点位"), "checkpoint": mark("检查点"), "finding": mark("问题或检查点"),
}  # fmt: skip
SYMBOLS: Final = {
    CityState.NOT_SENT: "not_surveyed",
    CityState.WAITING: "pending",
    CityState.ACCEPTED: "met",
    CityState.REJECTED: "open",
    CityState.CHANGED: "claimed",
}

_SAID: Final = {
    CityState.NOT_SENT: mark("未报送"),
    CityState.WAITING: mark("已报送，等待答复"),
    CityState.ACCEPTED: mark("已接收"),
    CityState.REJECTED: mark("已退回"),
    CityState.CHANGED: mark("报送后有变化"),
}  # after the name of the system


def moment(iso: str) -> str:
    """A moment to the minute."""
    return iso[:16].replace("T", " ")


def city_line(state: SentState) -> str:
    """How a record stands with the city's system, with reason and number; said after 市系统."""
    parts = [tr(_SAID[state.state])]
    if state.state is CityState.REJECTED:
        parts[0] = named(parts[0], state.reason or tr("没有写明原因"))
    if state.city_number:
        parts.append(named(tr("编号"), state.city_number))
    if state.state is CityState.WAITING:
        day = state.last.made_at[:10]
        parts.append(
            tr("批次 {number}，{day}").format(number=state.last.number, day=day)
            if state.last.number
            else tr("{day} 手工录入").format(day=day)
        )
    return sentences(parts)


def answered(batch: Batch) -> str:
    """How much of a batch the city has answered."""
    counts = (
        (tr("已接收 {n}"), batch.accepted), (tr("退回 {n}"), batch.rejected), (tr("等待 {n}"), batch.waiting),
        (tr("后来又报送 {n}"), batch.superseded),
    )  # fmt: skip
    return phrased(text.format(n=f"{n:,}") for text, n in counts if n)
