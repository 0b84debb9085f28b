"""Ids made many at once are those made one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from barrierfree.store.facts import SEPARATOR, derived_id, derived_ids


@given(st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_many_ids_are_those_of_each(keys: list[tuple[str, str]]) -> None:
    assert derived_ids([SEPARATOR.join(key) for key in keys]) == [derived_id(*key) for key in keys]
