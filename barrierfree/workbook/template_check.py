"""Says whether a template can be filled by a profile, what would be lost, and what of it ends too soon."""

from __future__ import annotations

from barrierfree.errors import BatchError
from barrierfree.i18n import listed, tr
from barrierfree.workbook.package import Package
from barrierfree.workbook.profile import Profile
from barrierfree.workbook.rows import Rows
from barrierfree.workbook.sheet_scan import LAST_ROW
from barrierfree.workbook.template_sheet import Fault, TemplateSheet


def template_faults(profile: Profile, template: bytes, rows: Rows | None = None) -> tuple[str, ...]:
    """What keeps the template from being filled (with these ``rows``), each with where and what to do; empty if nothing
    does."""
    try:
        package = Package(template)
    except BatchError as error:
        return (str(Fault(error.message, error.advice)),)
    return tuple(str(fault) for fault in faults_of(profile, package, rows or {}))


def losses(profile: Profile, template: bytes) -> tuple[str, ...]:
    """What of the template would not be in the filled workbook; ``fill`` refuses unless it is accepted.

    Nothing of a template that cannot be filled: ``template_faults`` says why.
    """
    try:
        return tuple(losses_of(profile, Package(template)))
    except BatchError:
        return ()


def template_warnings(profile: Profile, template: bytes, rows: Rows) -> tuple[str, ...]:
    """What of the template ends before the last row of this batch (validations, conditional formats, print areas), its
    example rows, which records replace, and their links; nothing of a template that cannot be filled."""
    found: list[str] = []
    try:
        package = Package(template)
        for sheet in profile.sheets:
            there = TemplateSheet(package, sheet)
            last = last_row(profile, there, rows)
            found += there.too_short(last) if last else []
            found += there.example_words() if last else []
            found += there.stray_links(last)
    except BatchError:
        return ()
    return tuple(found)


def faults_of(profile: Profile, package: Package, rows: Rows) -> list[Fault]:
    """As ``template_faults``, of an opened template."""
    found: list[Fault] = []
    taken: set[str] = set()
    for sheet in profile.sheets:
        try:
            there = TemplateSheet(package, sheet)
        except BatchError as error:
            found.append(Fault(error.message, error.advice))
            continue
        faults = there.faults()
        if there.name in taken:  # by its name, and as the first
            what = tr("方案两次写进工作表“{sheet}”。").format(sheet=there.name)
            faults.append(Fault(what, tr("请在方案里只留一个。")))
        taken.add(there.name)
        last = last_row(profile, there, rows)
        if not faults and there.barrier and last >= there.barrier[0]:
            faults = [there.in_the_way(*there.barrier)]
        if last > LAST_ROW:
            what = tr("工作表“{sheet}”放不下：要写到第 {last} 行，最多 {most} 行。")
            faults.append(
                Fault(what.format(sheet=there.name, last=last, most=LAST_ROW), tr("请在方案里写 rows_per_file。"))
            )
        found += faults
    return found


def losses_of(profile: Profile, package: Package) -> list[str]:
    """As ``losses``, of an opened template."""
    found = []
    for sheet in profile.sheets:
        there = TemplateSheet(package, sheet)
        lost = there.lost_formulas()
        if lost:
            found.append(
                tr("工作表“{sheet}”示例行里 {columns} 列的公式不会出现在写出的行里（方案不填这些列）。").format(
                    sheet=there.name, columns=listed(lost)
                )
            )
    if any(name.startswith("_xmlsignatures/") for name in package.names):
        found.append(tr("模板有数字签名，填写后签名失效。"))
    return found


def last_row(profile: Profile, there: TemplateSheet, rows: Rows) -> int:
    """The last row that is written into a sheet, 0 if none is."""
    count = len(rows.get(there.sheet.rows, ()))
    if profile.rows_per_file:
        count = min(count, profile.rows_per_file)
    return there.sheet.first_row + count - 1 if count else 0
