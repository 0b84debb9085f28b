"""One QApplication for all tests of the window, made as the program makes it: the map's scheme comes before it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from barrierfree import start


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return start.make_application()
