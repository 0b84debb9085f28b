"""A site with all that open formats tell of it: its checkpoints, what was last found there, its findings."""

from __future__ import annotations

from dataclasses import dataclass

from barrierfree.model.records import Checkpoint, Finding, Inspection, Site


@dataclass(frozen=True, slots=True)
class Inspected:
    """A checkpoint and its accepted inspection in force, None while there is none."""

    checkpoint: Checkpoint
    inspection: Inspection | None


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """A site, its checkpoints in the order its class names them, its findings by element and number."""

    site: Site
    checkpoints: tuple[Inspected, ...]
    findings: tuple[Finding, ...]
