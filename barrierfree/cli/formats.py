"""``export --format``: an open format instead of a city batch."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, cast

from barrierfree.errors import ReportError
from barrierfree.i18n import listed, tr
from barrierfree.operations import open_formats
from barrierfree.operations.open_formats import EXTRAS, FORMATS, FormatRequest
from barrierfree.store import Store

LAYERS = ("sites", "checkpoints", "findings")


def add_arguments(export: argparse.ArgumentParser) -> None:
    """Add to ``export`` what open formats need beside ``--out``, which is their file, and what batches brought."""
    asked = export.add_argument_group(tr("开放格式（写 --format 时 --out 是文件）"))
    asked.add_argument("--format", choices=list(FORMATS), default="", help=tr("导出为开放格式，不是批次"))
    asked.add_argument("--layer", choices=LAYERS, default="", help=tr("导出什么：点位（默认）、检查点、问题"))
    asked.add_argument(
        "--status", action="append", default=[], metavar="STATUS", help=tr("只导出这个状态的，可以写多次")
    )
    asked.add_argument(
        "--with", dest="extras", default="", metavar="names,notes,photos,exif",
        help=tr("另外带上：姓名、备注和手写的文字、照片、照片里的拍摄信息；默认都不带"),
    )  # fmt: skip


def check(options: argparse.Namespace) -> bool:
    """Whether an open format is asked for; refuses arguments of the one kind of export with the other."""
    own = {"--layer": options.layer, "--status": options.status, "--with": options.extras}
    batch = {
        "--profile": options.profile, "--select": options.select != "new", "--state": options.state,
        "--since": options.since, "--until": options.until, "--record": options.record, "--check": options.check,
        "--except": options.excepted, "--again": options.again, "--by": options.by,
    }  # fmt: skip
    wrong = [name for name, value in (batch if options.format else own).items() if value]
    if wrong and options.format:
        raise ReportError(
            tr("{names} 只用于批次，不能和 --format 一起用。").format(names=listed(wrong)), tr("请去掉其中一种。")
        )
    several = [
        name for name, given in (("--community", options.community), ("--class", options.site_class)) if given[1:]
    ]
    if options.format and several:
        raise ReportError(
            tr("{names} 在开放格式里只能写一次。").format(names=listed(several)), tr("请分几次导出，或不写：就是全部。")
        )
    if wrong:
        raise ReportError(tr("{names} 只用于开放格式。").format(names=listed(wrong)), tr("请同时写 --format。"))
    return bool(options.format)


def run(store: Store, options: argparse.Namespace) -> dict[str, Any]:
    """Write the file; what went and what was left out."""
    extras = [part.strip() for part in options.extras.split(",") if part.strip()]
    strange = [part for part in extras if part not in EXTRAS]
    if strange:
        raise ReportError(
            tr("--with 不认识“{name}”。").format(name=strange[0]), tr("可以用：{names}。").format(names=listed(EXTRAS))
        )
    wanted = FormatRequest(
        format=options.format, layer=options.layer or "sites", community="".join(options.community),
        site_class="".join(options.site_class), statuses=tuple(options.status),
        extras=tuple(cast(open_formats.Extra, part) for part in dict.fromkeys(extras)),
    )  # fmt: skip
    done = open_formats.write_format(store, wanted, Path(options.out))
    said, more = open_formats.told(done)
    return {**done.model_dump(), "said": said, "remarks": more}
