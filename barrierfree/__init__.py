"""Offline barrier-free surveys: from the facility list to the workbook the city accepts."""

__version__ = "0.1.0"
