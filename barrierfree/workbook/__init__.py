"""Fills a given template from a profile, checks before it leaves, writes plain tables; owns openpyxl."""

from barrierfree.workbook.fields import FIELDS, Values
from barrierfree.workbook.fill import fill
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
    "Profile",
    "Table",
    "Value",
    "Values",
    "cell_value",
    "check",
    "fill",
    "read_profile",
    "write_notices",
    "write_tables",
]
