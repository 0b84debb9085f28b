"""Texts joined with the punctuation of the language in use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from barrierfree import i18n


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    yield
    i18n.use(i18n.SOURCE_LANGUAGE)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh_CN", ["a、b", "a，b", "a；b", "a：{b}", "a（b）"]),
        ("en", ["a, b", "a, b", "a; b", "a: {b}", "a (b)"]),
    ],
)
def test_punctuation_of_the_language(language: str, expected: list[str]) -> None:
    i18n.use(language)
    two = ["a", "b"]
    assert [
        i18n.listed(two),
        i18n.phrased(two),
        i18n.sentences(two),
        i18n.named("a", "{b}"),
        i18n.bracketed("a", "b"),
    ] == expected
