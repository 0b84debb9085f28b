"""Decides whether a row of a list is a site that is already known, and says why."""
