"""Measures the program against bare baselines that do the same outside work without it."""
