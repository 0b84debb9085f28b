"""Tests of the basemap files."""
