"""Errors a user can act on: each says what happened and what to do."""

from __future__ import annotations


class BarrierFreeError(Exception):
    """Something the user can act on.

    ``message`` says what is wrong and where (file, sheet, row, field), ``advice`` what to do about it;
    both are in the language of the interface and are shown as they are.
    """

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message}\n{self.advice}"


class SurveyFileError(BarrierFreeError):
    """The survey file cannot be opened, is damaged, is newer than this program, or is no survey."""


class StorageError(BarrierFreeError):
    """The disk or folder does not take what should be written: full, read-only, not there."""


class DefinitionError(BarrierFreeError):
    """A survey definition (checklist, rules, city profile) is faulty; the message names each place."""


class InventoryError(BarrierFreeError):
    """A facility list cannot be read or used."""


class CoordinateError(BarrierFreeError):
    """A coordinate or a datum cannot be understood or converted."""


class SubmissionError(BarrierFreeError):
    """What phones collected cannot be read."""


class AnswerError(BarrierFreeError):
    """An answer of a checklist does not fit its question."""


class PhotoError(BarrierFreeError):
    """A picture cannot be taken in."""


class StepRefused(BarrierFreeError):  # noqa: N818 - it is a refusal by the workflow, not a fault
    """A step of review or rectification is not possible now; the message says why."""


class NotFoundError(BarrierFreeError):
    """A site, finding, visit, person or file that was named does not exist or is ambiguous."""


class BatchError(BarrierFreeError):
    """A batch cannot be made: faults in the rows, the profile or the template."""


class Cancelled(Exception):  # noqa: N818 - not a fault: the user asked for it
    """The user cancelled; nothing was stored."""


class ReportError(BarrierFreeError):
    """A report cannot be made as it was asked for."""


class BasemapError(BarrierFreeError):
    """A basemap file cannot be read, used or made."""


class LayerError(BarrierFreeError):
    """A file of the user's cannot be shown on the map."""
