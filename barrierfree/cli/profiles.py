"""The command about the profile of the city's workbook: check, export, import, begin from a template."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from barrierfree import workbook
from barrierfree.errors import BatchError
from barrierfree.i18n import listed, named, tr
from barrierfree.operations import profile_drafts, profiles, surveys
from barrierfree.store import Store
from barrierfree.workbook import Profile

Result = dict[str, Any]


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``profile``."""
    parser.add_argument(
        "--export", default="", metavar="DIR|ZIP", help=tr("把在用的方案和模板写到文件夹，或写成一个 .zip")
    )
    parser.add_argument(
        "--import", dest="taken", default="", metavar="TOML|ZIP",
        help=tr("采用这个方案（模板在旁边，或在同一个 .zip 里）；加 --check 时只检查"),
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help=tr("检查模板和前三行，不保存"))
    parser.add_argument("--from-template", default="", metavar="XLSX", help=tr("按模板的列名拟一个方案，写到 --out"))
    parser.add_argument("--out", default="", metavar="DIR|ZIP")
    parser.add_argument("--by", default="", metavar="NAME", help=tr("谁采用的"))


def writes(options: argparse.Namespace) -> bool:
    """Whether the survey is changed."""
    return bool(options.taken) and not options.check


def profile(store: Store, options: argparse.Namespace) -> Result:
    """Do what the options say; without any, tell what is in force."""
    if options.from_template:
        return _from_template(store, options)
    chosen, template = (
        profiles.import_profile(Path(options.taken)) if options.taken else profiles.profile_in_force(store)
    )
    if options.check:
        return _checked(store, chosen, template)
    if options.taken:
        if not options.by:
            raise BatchError(tr("没有写是谁采用的。"), tr("请加 --by 姓名；只检查不采用请加 --check。"))
        person = surveys.acting_person(store, options.by)
        profiles.adopt_profile(store, chosen, template, person=person.id)
        surveys.register(store, person)
        return {**_told(chosen), "adopted": True}
    files = profiles.export_profile(chosen, template, Path(options.export)) if options.export else ()
    return {**_told(chosen), **({"files": [str(file) for file in files]} if files else {})}


def _told(chosen: Profile) -> Result:
    return {
        "name": chosen.name, "title": chosen.title, "target": chosen.target, "status": chosen.status,
        "template": chosen.template,
        "sheets": [
            {"name": sheet.name, "rows": sheet.rows, "columns": len(sheet.columns)} for sheet in chosen.sheets
        ],
    }  # fmt: skip


def _checked(store: Store, chosen: Profile, template: bytes) -> Result:
    """What is wrong with the template and in the first rows; exit 1 while there is something."""
    faults = list(workbook.template_faults(chosen, template))
    shown = () if faults else profiles.live_rows(store, chosen, template)
    for sheet, live in zip(chosen.sheets, shown, strict=False):
        for code, row in zip(live.codes, live.rows, strict=True):
            faults += [
                f"{code} · {named(column.header, cell.fault)}"
                for column, cell in zip(sheet.columns, row, strict=True)
                if cell.fault
            ]
    refused = BatchError(tr("有 {n} 处不符合要求。").format(n=len(faults)), tr("请按列出的各条改正。"))
    return {
        **_told(chosen), "faults": faults, "losses": list(workbook.losses(chosen, template)),
        **({"refused": refused} if faults else {}),
    }  # fmt: skip


def _from_template(store: Store, options: argparse.Namespace) -> Result:
    """A proposed profile as files, to be looked through and imported; ``unpaired``: titles that nothing fits."""
    source = Path(options.from_template)
    if not options.out:
        raise BatchError(tr("没有写方案要放在哪里。"), tr("请加 --out 文件夹，或 --out 名称.zip。"))
    template = profiles.read_template(source)
    draft = profile_drafts.of_template(template, source.stem, partial(profiles.known_words, store.definition()))
    draft.general |= {"name": source.stem, "template": source.name}
    titles = [column.title for sheet in draft.filled() for column in sheet.columns if not column.source]
    if not any(column.source for sheet in draft.filled() for column in sheet.columns):
        raise BatchError(
            tr("模板里没有认出一个栏目：{titles}。").format(titles=listed(titles[:12])),
            tr("请检查是否选对了模板，或在窗口的“批次”页里按列配上我们的字段。"),
        )
    chosen = draft.profile()
    files = profiles.export_profile(chosen, template, Path(options.out))
    return {**_told(chosen), "unpaired": titles, "files": [str(file) for file in files]}
