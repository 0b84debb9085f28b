"""The profile of the city's workbook that a survey carries beside its definition: adopting one, going back to one.

A profile is no part of the edition that inspections name: adopting one adds facts of its own (kind ``profile``, by
hash) and says in the fact about the survey which of them is in force, so the rule for conflicts is that of every
field: while two devices say different things, the one that both replaced holds.
"""

from __future__ import annotations

import base64

from barrierfree.model.definition import Model
from barrierfree.model.records import Changes
from barrierfree.store import facts as f
from barrierfree.store.findings import FindingVerbs
from barrierfree.store.reading import FACT, facts_about

_FIELD = "profile"  # of the facts about the survey: the hash of the profile in force; '' is the definition's own


class KeptProfile(Model):
    """A profile that the survey has or had: its TOML and the workbook it fills.

    ``id`` is its hash, '' for the one that came with the definition; ``adopted_at`` and ``person_name`` tell who
    adopted it first ('' for the definition's own).
    """

    id: str
    text: str
    template: bytes = b""
    adopted_at: str = ""
    person_name: str = ""


class ProfileVerbs(FindingVerbs):
    """The verbs about profiles."""

    def profile(self) -> str:
        """The profile in force, as TOML; '' if there is none."""
        kept = self._adopted()
        return str(kept.payload["text"]) if kept is not None else self.definition().profile

    def template(self) -> bytes:
        """The workbook that the profile in force fills; empty if there is none."""
        kept = self._adopted()
        return base64.b64decode(self.definition().template if kept is None else kept.payload["template"])

    def profile_id(self) -> str:
        """The hash of the profile in force; '' for the one that came with the definition."""
        kept = self._adopted()
        return kept.subject if kept is not None else ""

    def profile_is_contested(self) -> bool:
        """Whether different profiles were adopted on two computers, so that the one before them still holds."""
        held = f.current(facts_about(self._sql, "survey", "survey")).get(_FIELD)
        return held is not None and bool(held.conflict)

    def profiles(self) -> list[KeptProfile]:
        """Every profile of this survey, the definition's own first, then in the order of adopting."""
        definition = self.definition()
        own = KeptProfile(id="", text=definition.profile, template=base64.b64decode(definition.template))
        names = {person.id: person.name for person in self.people()}
        found: dict[str, KeptProfile] = {"": own}
        rows = self._sql.execute(f"SELECT {FACT} FROM facts WHERE kind = 'profile' ORDER BY id").fetchall()
        for fact in map(f.from_row, rows):
            if fact.subject not in found:
                found[fact.subject] = KeptProfile(
                    id=fact.subject, text=fact.payload["text"], template=base64.b64decode(fact.payload["template"]),
                    adopted_at=fact.recorded_at, person_name=names.get(fact.person, ""),
                )  # fmt: skip
        return list(found.values())

    def adopt_profile(self, text: str, template: bytes, *, person: str) -> Changes:
        """Make this profile the one in force; the same one again adds nothing."""
        content = {"text": text, "template": base64.b64encode(template).decode("ascii")}
        subject = f.row_hash([f.canonical(content)])
        if subject == self.profile_id() and not self.profile_is_contested():
            return Changes()
        return self._put_in_force(subject, person, None if facts_about(self._sql, subject, "profile") else content)

    def use_profile(self, profile: str, *, person: str) -> Changes:
        """Go back to a profile that the survey has: its ``id`` among ``profiles``."""
        if profile == self.profile_id() and not self.profile_is_contested():
            return Changes()
        return self._put_in_force(profile, person, None)

    def _put_in_force(self, subject: str, person: str, content: dict[str, str] | None) -> Changes:
        with self._writing(person) as (writer, done):
            if content is not None:
                writer.add("profile", subject, content)
            held = f.current(facts_about(self._sql, "survey", "survey"))
            writer.add("survey", "survey", {_FIELD: subject}, {_FIELD: held[_FIELD].facts} if _FIELD in held else {})
        return done[0]

    def _adopted(self) -> f.Fact | None:
        """The fact of the adopted profile in force; None where the definition's own is, or while it has not come."""
        subject = self.info(_FIELD, "") or ""
        known = facts_about(self._sql, subject, "profile") if subject else []
        return known[0] if known else None
