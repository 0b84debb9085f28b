"""The evening's photos: choose a folder, see where each photo would go, decide, take them in."""

from barrierfree.gui.photo_intake.dialog import PhotoIntakeDialog

__all__ = ["PhotoIntakeDialog"]
