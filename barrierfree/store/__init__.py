"""Keeps a survey: facts as the one table of truth, what is derived from them, figures, copies."""

from barrierfree.store.connection import copy_survey, local_now
from barrierfree.store.figures import ExportRecord
from barrierfree.store.findings import FindingFilter
from barrierfree.store.lists import Decided, Identities, ListPart, SameSite, TakenIn, TakenList, site_id, stored_text
from barrierfree.store.sites import AddedSites, MapSite, SiteFilter
from barrierfree.store.upkeep import Store
from barrierfree.store.visits import Submitted

__all__ = [
    "AddedSites",
    "Decided",
    "ExportRecord",
    "FindingFilter",
    "Identities",
    "ListPart",
    "MapSite",
    "SameSite",
    "SiteFilter",
    "Store",
    "Submitted",
    "TakenIn",
    "TakenList",
    "copy_survey",
    "local_now",
    "site_id",
    "stored_text",
]
