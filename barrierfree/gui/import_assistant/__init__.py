"""The import assistant: file, columns, datum, match; four steps that can go back, and nothing stored before the end."""

from barrierfree.gui.import_assistant.frame import ImportAssistant

__all__ = ["ImportAssistant"]
