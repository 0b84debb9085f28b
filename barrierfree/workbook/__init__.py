"""Fills a given template from a profile, checks before it leaves, writes plain tables; owns openpyxl."""

from barrierfree.workbook.fields import FIELDS, Values
from barrierfree.workbook.fill import fill
from barrierfree.workbook.preflight import CellFault, cell_value, check
from barrierfree.workbook.profile import Column, Profile, read_profile
from barrierfree.workbook.tables import Table, write_tables

__all__ = [
    "FIELDS",
    "CellFault",
    "Column",
    "Profile",
    "Table",
    "Values",
    "cell_value",
    "check",
    "fill",
    "read_profile",
    "write_tables",
]
