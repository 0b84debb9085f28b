"""The least that does the same outside work: at most 30 lines each, nothing of the package."""
