"""Figures in, tables and HTML out; every figure carries its counting rule."""

from barrierfree.report.page import html
from barrierfree.report.paper import PaperElement, PaperQuestion, PaperSheet, paper_html, qr_matrix
from barrierfree.report.progress import progress
from barrierfree.report.values import Report, Section

__all__ = [
    "PaperElement",
    "PaperQuestion",
    "PaperSheet",
    "Report",
    "Section",
    "html",
    "paper_html",
    "progress",
    "qr_matrix",
]
