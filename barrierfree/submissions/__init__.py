"""Reads what ODK and KoboToolbox collected on phones, as plain records."""

from barrierfree.submissions.reading import read_submissions
from barrierfree.submissions.records import Attachments, Instance, Lost, Part, Record, Submissions

__all__ = ["Attachments", "Instance", "Lost", "Part", "Record", "Submissions", "read_submissions"]
