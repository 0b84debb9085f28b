"""Fills a given template from a profile, checks before it leaves, writes plain tables; owns openpyxl."""

from barrierfree.workbook.fields import FIELDS, Values
from barrierfree.workbook.fill import fill
from barrierfree.workbook.notice_reading import NoticeFault, NoticeRow, ReadNotice, excel_day, read_notices
from barrierfree.workbook.notice_reading import lines as notice_lines
from barrierfree.workbook.notices import MARKER, NOTICE_COLUMNS, Notice, NoticeColumn, write_notices
from barrierfree.workbook.preflight import CellFault, cell_value, check
from barrierfree.workbook.profile import Column, Profile, read_profile
from barrierfree.workbook.tables import Table, Value, write_tables

__all__ = [
    "FIELDS",
    "MARKER",
    "NOTICE_COLUMNS",
    "CellFault",
    "Column",
    "Notice",
    "NoticeColumn",
    "NoticeFault",
    "NoticeRow",
    "Profile",
    "ReadNotice",
    "Table",
    "Value",
    "Values",
    "cell_value",
    "check",
    "excel_day",
    "fill",
    "notice_lines",
    "read_notices",
    "read_profile",
    "write_notices",
    "write_tables",
]
