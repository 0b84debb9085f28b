"""Keeps a survey: facts as the one table of truth, what is derived from them, figures, copies."""

from barrierfree.store.connection import copy_survey, local_now, remove_survey
from barrierfree.store.export_records import ExportRecord
from barrierfree.store.findings import FindingFilter
from barrierfree.store.lists import (
    Decided,
    Identities,
    ListPart,
    SameSite,
    TakenIn,
    TakenList,
    site_id,
    site_ids,
    stored_text,
)
from barrierfree.store.map_views import MapContent
from barrierfree.store.nearby import FoundFindings, Landmark
from barrierfree.store.phone_visits import PhoneVisit, TakenVisits, phone_person, phone_visit_id
from barrierfree.store.profiles import KeptProfile
from barrierfree.store.reporting import LedgerRecord
from barrierfree.store.rounds import CarriedOver, carry_over
from barrierfree.store.sites import AddedSites, FoundSites, MapSite, SiteFigures, SiteFilter
from barrierfree.store.step_verbs import JudgedStep, Reported, TakenSteps, Undoing, WantedStep
from barrierfree.store.upkeep import Store
from barrierfree.store.visit_photos import DraftPhotos, PlacedPhotos, VisitPhotos
from barrierfree.store.visits import Submitted

__all__ = [
    "AddedSites",
    "CarriedOver",
    "Decided",
    "DraftPhotos",
    "ExportRecord",
    "FindingFilter",
    "FoundFindings",
    "FoundSites",
    "Identities",
    "JudgedStep",
    "KeptProfile",
    "Landmark",
    "LedgerRecord",
    "ListPart",
    "MapContent",
    "MapSite",
    "PhoneVisit",
    "PlacedPhotos",
    "Reported",
    "SameSite",
    "SiteFigures",
    "SiteFilter",
    "Store",
    "Submitted",
    "TakenIn",
    "TakenList",
    "TakenSteps",
    "TakenVisits",
    "Undoing",
    "VisitPhotos",
    "WantedStep",
    "carry_over",
    "copy_survey",
    "local_now",
    "phone_person",
    "phone_visit_id",
    "remove_survey",
    "site_id",
    "site_ids",
    "stored_text",
]
