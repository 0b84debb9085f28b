"""The texts of the tools on the map page; names in braces are filled in there."""

from __future__ import annotations

from typing import Final

from barrierfree.i18n import mark, tr

TITLES: Final = {
    "move": mark("移动点位"), "add": mark("在这里新增点位"), "lasso": mark("圈选点位"), "rectangle": mark("框选点位"),
    "distance": mark("量距离"), "surface": mark("量面积"),
}  # fmt: skip
_HINTS: Final = {
    "move": mark("按住点位拖到正确的位置。键盘：回车拿起离十字最近的点位，方向键移动，再按回车放下。"),
    "add": mark("点一下新点位的位置。键盘：方向键移动地图，回车取十字处。"),
    "lasso": mark("按住鼠标画一圈，圈里的点位会选中。键盘：回车选视野内的点位。"),
    "rectangle": mark("按住鼠标拉一个框，框里的点位会选中。键盘：回车选视野内的点位。"),
    "distance": mark("依次点几下。键盘：方向键移动地图，回车加十字处，退格去掉上一点。"),
    "surface": mark("依次点出各个角。键盘：方向键移动地图，回车加十字处，退格去掉上一点。"),
}  # fmt: skip


def tool_words() -> dict[str, str]:
    """Every text by its name in the page."""
    ways = (tr("北"), tr("东北"), tr("东"), tr("东南"), tr("南"), tr("西南"), tr("西"), tr("西北"))
    found = {f"way{n}": way for n, way in enumerate(ways)}
    found |= {f"tool-{key}": tr(text) for key, text in TITLES.items()}
    found |= {f"hint-{key}": tr(text) for key, text in _HINTS.items()}
    return found | {
        "endTool": tr("结束（Esc）"), "colon": tr("："), "metres": tr("{n} 米"), "kilometres": tr("{n} 公里"),
        "moving": tr("{name}：移动 {distance}，向{direction}"), "taken": tr("已拿起 {name}。方向键移动，回车放下。"),
        "nearer": tr("现在画的是成堆的点位，请放大到能看见单个点位。"), "inView": tr("视野内的点位"),
        "copy": tr("复制结果"), "undoPoint": tr("去掉上一点"), "firstPoint": tr("第一点。再加一点就有距离。"),
        "length": tr("{n} 点，共 {distance}"), "surface": tr("面积 {area}，周长 {distance}"),
        "square": tr("{n} 平方米"), "squareKm": tr("{n} 平方公里"), "allStates": tr("显示全部状态"),
    }  # fmt: skip
