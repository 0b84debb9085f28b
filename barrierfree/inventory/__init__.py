"""Reads a facility list and says what is wrong with it."""

from barrierfree.inventory.boundary import Boundary
from barrierfree.inventory.columns import Proposal, proposals, propose
from barrierfree.inventory.datum_candidates import DatumCandidate, datum_name
from barrierfree.inventory.datums import DatumProposal, propose_datum
from barrierfree.inventory.mappings import read_mapping, resolve, signature
from barrierfree.inventory.points import given_points, north_first
from barrierfree.inventory.raw import RawList, RowFault
from barrierfree.inventory.rows import ReadList, ready_sites
from barrierfree.inventory.tables import FORMATS, read_table
from barrierfree.inventory.words import FIELD_LABELS, FIELDS, field_label

__all__ = [
    "FIELDS",
    "FIELD_LABELS",
    "FORMATS",
    "Boundary",
    "DatumCandidate",
    "DatumProposal",
    "Proposal",
    "RawList",
    "ReadList",
    "RowFault",
    "datum_name",
    "field_label",
    "given_points",
    "north_first",
    "proposals",
    "propose",
    "propose_datum",
    "read_mapping",
    "read_table",
    "ready_sites",
    "resolve",
    "signature",
]
