"""The editor of the city's profile: a template's columns paired with our fields, above rows as they will be written."""

from barrierfree.gui.profile_editor.frame import ProfileEditor

__all__ = ["ProfileEditor"]
