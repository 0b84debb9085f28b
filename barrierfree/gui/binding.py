"""Keeps PySide6 6.12 from crashing on Python 3.11."""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << 60  # more references than a program can drop


def keep_constants_alive() -> None:
    """Give the constants so many references that the binding cannot use them up.

    WORKAROUND: the 6.12.0 wheels (cp310-abi3) are built as if None were immortal, which it is from Python 3.12 on
    (PEP 683). On 3.11 each call that returns nothing takes a reference from None, and after some thousand calls
    the program ends with "none_dealloc". PySide6 6.11.3 does not; see https://github.com/python/cpython/issues/118997
    for the same clash the other way round. Go to Python 3.12, or another PySide6, to remove this.
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        for constant in (None, True, False, NotImplemented, ...):
            ctypes.c_ssize_t.from_address(id(constant)).value = _MANY


keep_constants_alive()
