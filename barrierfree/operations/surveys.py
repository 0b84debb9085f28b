"""Make a survey from a definition; find or register the person who acts."""

from __future__ import annotations

from pathlib import Path

from ulid import ULID

from barrierfree import checklists, paths
from barrierfree.errors import DefinitionError, NotFoundError
from barrierfree.i18n import tr
from barrierfree.model.definition import Definition
from barrierfree.model.records import Person
from barrierfree.store import Store


def definition_names() -> list[str]:
    """The names of the definitions shipped with the program."""
    folder = paths.definitions()
    return sorted(p.name for p in folder.iterdir() if (p / "definition.toml").is_file()) if folder.is_dir() else []


def definition_named(name: str) -> Definition:
    """The shipped definition called ``name``, or the one in the folder ``name``."""
    folder = paths.definitions() / name
    if not (folder / "definition.toml").is_file():
        folder = Path(name)
    if not (folder / "definition.toml").is_file():
        raise DefinitionError(
            tr("没有名为“{name}”的普查定义。").format(name=name),
            tr("可用的定义：{names}。").format(names="、".join(definition_names())),
        )
    return checklists.read_definition(folder)


def new_survey(path: Path, definition: Definition, *, device: str, title: str = "") -> Store:
    """Make an empty survey at ``path`` (``.gpkg``); this device holds its main file."""
    if path.suffix.lower() != ".gpkg":
        path = path.with_name(path.name + ".gpkg")
    return Store.new(path, definition, device=device, title=title)


def acting_person(store: Store, text: str) -> Person:
    """The person with this id or name; for a name that nobody has yet a new person, not stored before ``register``.

    Raises ``NotFoundError`` for an empty or ambiguous name.
    """
    text = text.strip()
    try:
        return store.person(text)
    except NotFoundError:
        if not text or any(p.name == text for p in store.people()):
            raise
    return Person(id=str(ULID()), name=text)


def register(store: Store, person: Person) -> None:
    """Store the name of somebody who has just acted for the first time."""
    if person.id not in {p.id for p in store.people()}:
        store.name_person(person.name, person.id)
