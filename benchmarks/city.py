"""A made-up city (示例): as many sites as asked for, at the density of Shuangjing, and the lists they would come in."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl

# 1,412 sites on 5.08 km² (the case): the side of a square for ``n`` sites, in degrees at 39.9 north.
DENSITY = 1412 / 5.08
FIRST = (
    "富力",
    "双井",
    "垂杨柳",
    "广渠",
    "百子湾",
    "光环",
    "大望",
    "九龙",
    "苹果",
    "沿海",
    "金茂",
    "首城",
    "天力",
    "合生",
    "乐成",
    "优士阁",
    "珠江",
    "翠城",
)
KINDS = (
    "便利店",
    "药房",
    "美食",
    "烟酒店",
    "理发店",
    "超市",
    "宾馆",
    "银行",
    "菜市场",
    "诊所",
    "眼镜店",
    "水果店",
    "五金店",
    "茶楼",
    "书店",
    "面馆",
)
HEADERS = ("序号", "名称", "地址", "社区", "小分类", "经度", "纬度", "编号", "网格", "备注", "电话", "更新日期")
Row = tuple[str, ...]


def rows(count: int, seed: int = 1) -> Iterator[Row]:
    """``count`` rows of a facility list in GCJ-02 degrees; the same for the same seed."""
    rng = random.Random(seed)
    side = math.sqrt(max(count, 1) / DENSITY) / 111.32
    for number in range(count):
        street = f"示例{rng.choice(FIRST)}路{rng.randrange(1, 400)}号"
        kind = rng.choice(KINDS)
        name = f"{rng.choice(FIRST)}{rng.choice(FIRST)}{kind}（{street[2:-1]}店）"
        lon, lat = 116.20 + rng.random() * side * 1.3, 39.70 + rng.random() * side
        yield (
            str(number + 1), name, street, f"{rng.choice(FIRST)}社区", kind, f"{lon:.6f}", f"{lat:.6f}",
            f"S{number:06d}", f"G{number % 997:03d}", "", f"010-{rng.randrange(10**7):08d}", "2026-05-01",
        )  # fmt: skip


def write_list(path: Path, known: int, fresh: int, first: int = 0) -> None:
    """A workbook with the ``first`` rows of the city as they are, or with ``known`` of them, of which one in twenty has
    moved by some metres, and ``fresh`` new ones."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("设施")
    sheet.append(HEADERS)
    for number, row in enumerate(rows(known or first)):
        if known and number % 20 == 7:
            row = (*row[:5], f"{float(row[5]) + 0.0001:.6f}", *row[6:])
        sheet.append([int(row[0]), *row[1:5], float(row[5]), float(row[6]), *row[7:]])
    for row in rows(fresh, seed=2):
        sheet.append([known + int(row[0]), *row[1:5], float(row[5]), float(row[6]), f"N{row[0]}", *row[8:]])
    book.save(path)


if __name__ == "__main__":
    write_list(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    print("1")
