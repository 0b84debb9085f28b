"""Reads a facility list and says what is wrong with it."""

from barrierfree.inventory.boundary import Boundary
from barrierfree.inventory.columns import FIELDS, propose
from barrierfree.inventory.rows import ReadList, RowFault, ready_sites
from barrierfree.inventory.tables import RawList, read_table

__all__ = ["FIELDS", "Boundary", "RawList", "ReadList", "RowFault", "propose", "read_table", "ready_sites"]
