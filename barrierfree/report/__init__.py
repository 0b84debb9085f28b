"""Figures in, tables and HTML out; every figure carries its counting rule."""

from barrierfree.report.contributions import contributions
from barrierfree.report.joining import join_pdfs, page_count
from barrierfree.report.page import number_page, write_pages
from barrierfree.report.paper import PaperElement, PaperQuestion, PaperSheet, paper_html, qr_matrix
from barrierfree.report.progress import progress
from barrierfree.report.proposals import PROPOSED, PUBLIC_SERVICES, Proposal, proposals, score
from barrierfree.report.results import results
from barrierfree.report.sites import SiteHistory, site_sections
from barrierfree.report.values import About, Cell, MadeAnew, Picture, Report, Row, Section

__all__ = [
    "PROPOSED",
    "PUBLIC_SERVICES",
    "About",
    "Cell",
    "MadeAnew",
    "PaperElement",
    "PaperQuestion",
    "PaperSheet",
    "Picture",
    "Proposal",
    "Report",
    "Row",
    "Section",
    "SiteHistory",
    "contributions",
    "join_pdfs",
    "number_page",
    "page_count",
    "paper_html",
    "progress",
    "proposals",
    "qr_matrix",
    "results",
    "score",
    "site_sections",
    "write_pages",
]
