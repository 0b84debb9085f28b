"""Make a survey from a definition; find or register the person who acts."""

from __future__ import annotations

from pathlib import Path

from ulid import ULID

from barrierfree import checklists, paths
from barrierfree.errors import DefinitionError, NotFoundError
from barrierfree.i18n import tr
from barrierfree.model.definition import Definition
from barrierfree.model.records import Person
from barrierfree.store import CarriedOver, Store, carry_over, remove_survey


def definition_names() -> list[str]:
    """The names of the definitions shipped with the program."""
    folder = paths.definitions()
    return sorted(p.name for p in folder.iterdir() if (p / "definition.toml").is_file()) if folder.is_dir() else []


def definition_named(name: str, remarks: list[str] | None = None) -> Definition:
    """The shipped definition called ``name``, or the one in the folder ``name``; ``remarks`` as in its reader."""
    folder = paths.definitions() / name
    if not (folder / "definition.toml").is_file():
        folder = Path(name)
    if not (folder / "definition.toml").is_file():
        raise DefinitionError(
            tr("没有名为“{name}”的普查定义。").format(name=name),
            tr("可用的定义：{names}。").format(names="、".join(definition_names())),
        )
    return checklists.read_definition(folder, remarks)


def new_survey(path: Path, definition: Definition, *, device: str, title: str = "") -> Store:
    """Make an empty survey at ``path`` (``.gpkg``); this device holds its main file."""
    if path.suffix.lower() != ".gpkg":
        path = path.with_name(path.name + ".gpkg")
    return Store.new(path, definition, device=device, title=title)


def next_round(
    path: Path, old: Path, *, device: str, title: str = "", definition: Definition | None = None
) -> tuple[Store, CarriedOver]:
    """Make the survey of the next round at ``path`` from the file of the last one, which is only read.

    Sites, codes, decisions and open findings are carried over; ``definition`` is a newer one to survey by. If anything
    fails no half file is left.
    """
    if path.suffix.lower() != ".gpkg":
        path = path.with_name(path.name + ".gpkg")
    with Store.open(old, device=device, read_only=True) as before:
        store = Store.create(path, device=device)
        try:
            with store.in_a_hurry():
                carried = carry_over(before, store, title=title or path.stem)
                if definition is not None and definition != store.definition():
                    store.adopt_definition(definition, title=title or path.stem, person="", main_file=True)
        except BaseException:
            store.close()
            remove_survey(path)
            raise
    return store, carried


def told_round(carried: CarriedOver) -> list[str]:
    """What a person should know of a round that was just begun, in sentences."""
    said = [
        tr("第 {round} 轮：带入 {sites} 个点位、{findings} 个未了结的问题。").format(
            round=carried.round, sites=carried.sites, findings=carried.findings
        )
    ]
    if carried.pending_visits or carried.reported_findings:
        said.append(
            tr("旧文件里还有 {visits} 次走访没有审核，{n} 个待核实的问题没有带入；请在旧文件里处理。").format(
                visits=carried.pending_visits, n=carried.reported_findings
            )
        )
    if carried.drafts:
        said.append(tr("旧文件里还有 {n} 份没有提交的草稿。").format(n=carried.drafts))
    if carried.missing_photos:
        said.append(tr("有 {n} 张照片在旧文件旁边找不到。").format(n=carried.missing_photos))
    return said


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
