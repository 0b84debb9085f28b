"""Reads a facility list and says what is wrong with it."""

from barrierfree.inventory.boundary import Boundary
from barrierfree.inventory.columns import FIELDS, propose
from barrierfree.inventory.datum_candidates import DatumCandidate, datum_name
from barrierfree.inventory.datums import DatumProposal, propose_datum
from barrierfree.inventory.rows import ReadList, RowFault, ready_sites
from barrierfree.inventory.tables import RawList, read_table

__all__ = [
    "FIELDS",
    "Boundary",
    "DatumCandidate",
    "DatumProposal",
    "RawList",
    "ReadList",
    "RowFault",
    "datum_name",
    "propose",
    "propose_datum",
    "read_table",
    "ready_sites",
]
