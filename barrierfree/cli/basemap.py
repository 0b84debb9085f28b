"""The command about basemaps: what is installed, add one, use one, remove one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from barrierfree import paths
from barrierfree.i18n import tr
from barrierfree.operations import basemaps
from barrierfree.settings import Settings
from barrierfree.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; without any it lists."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add", default="", metavar="FILE", help=tr("添加 .mbtiles、.pmtiles、.osm、.osm.pbf 并使用"))
    what.add_argument("--use", default=None, metavar="NAME", help=tr('使用这个底图；"" 为不用底图'))
    what.add_argument("--remove", default="", metavar="NAME", help=tr("删除这个底图"))


def run(store: Store, options: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    """Do what was asked, then list."""
    folder, area = paths.user_folders().basemaps, basemaps.survey_area(store)
    if options.add:
        settings.change(basemap=basemaps.add_basemap(folder, Path(options.add), area).file.name)
    elif options.use is not None:
        settings.change(basemap=basemaps.named(folder, options.use).name if options.use else "")
    elif options.remove:
        file = basemaps.named(folder, options.remove)
        basemaps.remove_basemap(folder, file.name)
        if settings.choices.basemap == file.name:
            settings.change(basemap="")
    found = []
    for one in basemaps.installed(folder):
        said: dict[str, Any] = {"name": one.file.name, "size": one.size}
        if one.info is not None:
            said |= {
                "kind": one.info.kind, "format": one.info.format, "zooms": [one.info.min_zoom, one.info.max_zoom],
                "bounds": list(one.info.bounds), "attribution": one.info.attribution,
                "covers": basemaps.cover(one.info, area),
            }  # fmt: skip
        elif one.fault is not None:
            said |= {"fault": one.fault.message, "advice": one.fault.advice}
        found.append(said)
    return {"folder": str(folder), "used": settings.choices.basemap, "basemaps": found}
