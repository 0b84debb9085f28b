"""Fills a given template from a profile, checks before it leaves, writes plain tables; owns openpyxl."""

from barrierfree.workbook.answers import AnswerFile, AnswerRow, read_answers
from barrierfree.workbook.fields import DATE_FIELDS, FIELDS, NUMBER_FIELDS, RowKind, Values, fields_of
from barrierfree.workbook.fill import fill
from barrierfree.workbook.notice_reading import NoticeFault, NoticeRow, ReadNotice, excel_day, read_notices
from barrierfree.workbook.notice_reading import lines as notice_lines
from barrierfree.workbook.notices import MARKER, NOTICE_COLUMNS, Notice, NoticeColumn, write_notices
from barrierfree.workbook.package import read_template
from barrierfree.workbook.preflight import CellFault, check
from barrierfree.workbook.profile import AnswerLayout, Column, Profile, Sheet, profile_text, read_profile
from barrierfree.workbook.rows import Row, Rows, preview
from barrierfree.workbook.suggestions import suggest_field, suggest_sheet
from barrierfree.workbook.tables import Table, Value, write_tables
from barrierfree.workbook.template_check import losses, template_faults, template_warnings
from barrierfree.workbook.template_headers import HeaderColumn, SheetHeaders, headers_at, template_headers

__all__ = [
    "DATE_FIELDS",
    "FIELDS",
    "MARKER",
    "NOTICE_COLUMNS",
    "NUMBER_FIELDS",
    "AnswerFile",
    "AnswerLayout",
    "AnswerRow",
    "CellFault",
    "Column",
    "HeaderColumn",
    "Notice",
    "NoticeColumn",
    "NoticeFault",
    "NoticeRow",
    "Profile",
    "ReadNotice",
    "Row",
    "RowKind",
    "Rows",
    "Sheet",
    "SheetHeaders",
    "Table",
    "Value",
    "Values",
    "check",
    "excel_day",
    "fields_of",
    "fill",
    "headers_at",
    "losses",
    "notice_lines",
    "preview",
    "profile_text",
    "read_answers",
    "read_notices",
    "read_profile",
    "read_template",
    "suggest_field",
    "suggest_sheet",
    "template_faults",
    "template_headers",
    "template_warnings",
    "write_notices",
    "write_tables",
]
