"""Figures in, tables and HTML out; every figure carries its counting rule."""

from barrierfree.report.page import html
from barrierfree.report.progress import progress
from barrierfree.report.values import Report, Section

__all__ = ["Report", "Section", "html", "progress"]
