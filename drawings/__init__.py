"""The source of ``resources/drawings``: how each measured question is measured, drawn by us from simple lines.

``python -m drawings`` writes the SVG files and their index; a test holds the two equal. Each drawing has one group of
class ``measure``: what is measured, in the accent colour. The four colours are placeholders that the program replaces
by those of its theme: ``currentColor`` (ink), ``#E7EAEF`` (solids), ``#FFFFFF`` (ground), ``#0B62A4`` (accent).
"""
