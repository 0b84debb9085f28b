"""The tables of a survey file: facts, what is local, what is derived; a valid GeoPackage; migrations."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlite_utils import Database, Migrations

# GeoPackage 1.3 (OGC 12-128r17), requirement 2: application id 'GPKG', user_version 10300.
APPLICATION_ID: Final = 0x47504B47
GPKG_VERSION: Final = 10300

migrations = Migrations("barrierfree")

# Derived tables, in an order in which each refers only to earlier ones: those of the first layout, then all.
_FIRST: Final = (
    "info", "sites", "checkpoints", "visits", "inspections", "findings", "steps", "photos", "batches",
    "batch_rows", "waiting",
)  # fmt: skip
_INVENTORY: Final = ("pairs", "lists", "earlier")
_RECTIFICATION: Final = ("units", "days", "works")
_CITY: Final = ("entries", "answers")
_MAP: Final = ("clusters",)
DERIVED: Final = (*_FIRST, *_INVENTORY, *_RECTIFICATION, *_CITY, *_MAP)
LAYERS: Final = ("sites", "checkpoints", "findings")

_TABLES: Final = """
CREATE TABLE facts (id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, person TEXT NOT NULL,
 device TEXT NOT NULL, sequence INTEGER NOT NULL, recorded_at TEXT NOT NULL, base TEXT NOT NULL,
 format INTEGER NOT NULL, payload TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE INDEX facts_subject ON facts (subject, kind);
CREATE INDEX facts_device ON facts (device, sequence);
CREATE TABLE guard (open INTEGER NOT NULL);
INSERT INTO guard VALUES (1);
CREATE TABLE people (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE drafts (device TEXT NOT NULL, site TEXT NOT NULL, element TEXT NOT NULL, number INTEGER NOT NULL,
 person TEXT NOT NULL, answers TEXT NOT NULL, photos TEXT NOT NULL, note TEXT NOT NULL, saved_at TEXT NOT NULL,
 PRIMARY KEY (device, site, element, number)) WITHOUT ROWID;
CREATE TABLE info (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
CREATE TABLE sites (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, id TEXT UNIQUE NOT NULL,
 code TEXT NOT NULL, final_code INTEGER NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, community TEXT NOT NULL,
 class TEXT NOT NULL, status TEXT NOT NULL, lon REAL, lat REAL, given_x REAL, given_y REAL, datum TEXT NOT NULL,
 checkpoints INTEGER NOT NULL, inspected INTEGER NOT NULL, open_findings INTEGER NOT NULL, outcome TEXT NOT NULL,
 source TEXT NOT NULL, note TEXT NOT NULL, search TEXT NOT NULL, conflicts TEXT NOT NULL);
CREATE INDEX sites_code ON sites (code);
CREATE INDEX sites_status ON sites (status, community);
CREATE VIRTUAL TABLE site_tree USING rtree(fid, min_lon, max_lon, min_lat, max_lat);
CREATE TABLE checkpoints (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, id TEXT UNIQUE NOT NULL,
 site TEXT NOT NULL REFERENCES sites (id), element TEXT NOT NULL, number INTEGER NOT NULL, status TEXT NOT NULL,
 inspection TEXT NOT NULL, pending TEXT NOT NULL);
CREATE INDEX checkpoints_site ON checkpoints (site);
CREATE TABLE visits (id TEXT PRIMARY KEY NOT NULL, site TEXT NOT NULL REFERENCES sites (id), person TEXT NOT NULL,
 outcome TEXT NOT NULL, reason TEXT NOT NULL, started TEXT NOT NULL, ended TEXT NOT NULL, submitted_at TEXT NOT NULL,
 state TEXT NOT NULL, review_reason TEXT NOT NULL, reviewed_by TEXT NOT NULL, returned TEXT NOT NULL);
CREATE INDEX visits_site ON visits (site);
CREATE INDEX visits_state ON visits (state, submitted_at);
CREATE TABLE inspections (id TEXT PRIMARY KEY NOT NULL, visit TEXT NOT NULL REFERENCES visits (id),
 checkpoint TEXT NOT NULL, site TEXT NOT NULL REFERENCES sites (id), element TEXT NOT NULL, number INTEGER NOT NULL,
 person TEXT NOT NULL, recorded_at TEXT NOT NULL, checklist TEXT NOT NULL, answers TEXT NOT NULL,
 verdicts TEXT NOT NULL, photos TEXT NOT NULL, problems TEXT NOT NULL, gone TEXT NOT NULL, base TEXT NOT NULL,
 state TEXT NOT NULL,
 current INTEGER NOT NULL, not_met INTEGER NOT NULL);
CREATE INDEX inspections_checkpoint ON inspections (checkpoint, state);
CREATE INDEX inspections_visit ON inspections (visit);
CREATE INDEX inspections_site ON inspections (site);
CREATE TABLE findings (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, id TEXT UNIQUE NOT NULL,
 site TEXT NOT NULL REFERENCES sites (id), checkpoint TEXT NOT NULL, element TEXT NOT NULL, number INTEGER NOT NULL,
 problem TEXT NOT NULL, rules TEXT NOT NULL, severity TEXT NOT NULL, note TEXT NOT NULL, state TEXT NOT NULL,
 round INTEGER NOT NULL, unit TEXT NOT NULL, responsible TEXT NOT NULL, deadline TEXT NOT NULL,
 deadline_note TEXT NOT NULL, measure TEXT NOT NULL, quantity REAL, quantity_unit TEXT NOT NULL,
 reported_at TEXT NOT NULL, state_since TEXT NOT NULL, last_step TEXT NOT NULL, claimed_by TEXT NOT NULL,
 claimed_at TEXT NOT NULL, claim_step TEXT NOT NULL, photos_before TEXT NOT NULL, photos_after TEXT NOT NULL,
 evidence TEXT NOT NULL,
 conflict INTEGER NOT NULL, city_number TEXT NOT NULL);
CREATE INDEX findings_site ON findings (site);
CREATE INDEX findings_state ON findings (state, deadline);
CREATE INDEX findings_checkpoint ON findings (checkpoint);
CREATE TABLE steps (id TEXT PRIMARY KEY NOT NULL, finding TEXT NOT NULL REFERENCES findings (id),
 follows TEXT NOT NULL, person TEXT NOT NULL, recorded_at TEXT NOT NULL, request TEXT NOT NULL,
 in_force INTEGER NOT NULL);
CREATE INDEX steps_finding ON steps (finding);
CREATE TABLE photos (sha256 TEXT PRIMARY KEY NOT NULL, suffix TEXT NOT NULL, width INTEGER NOT NULL,
 height INTEGER NOT NULL, taken_at TEXT NOT NULL, lon REAL, lat REAL, name TEXT NOT NULL, withdrawn INTEGER NOT NULL);
CREATE TABLE batches (id TEXT PRIMARY KEY NOT NULL, number TEXT NOT NULL, made_at TEXT NOT NULL, person TEXT NOT NULL,
 profile TEXT NOT NULL, selection TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE batch_rows (batch TEXT NOT NULL REFERENCES batches (id), record TEXT NOT NULL, code TEXT NOT NULL,
 values_hash TEXT NOT NULL, PRIMARY KEY (batch, record)) WITHOUT ROWID;
CREATE INDEX batch_rows_record ON batch_rows (record);
CREATE TABLE waiting (fact TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL);
"""

# ``pairs``: what is decided about two ids, the smaller first; ``same`` is NULL while two decisions contradict.
# ``earlier``: the last accepted inspection of a checkpoint in a round before this one.
# ``sites_walk`` covers the search as one types: it finds the sites of a page in order without reading whole rows.
_INVENTORY_TABLES: Final = """
CREATE TABLE pairs (id TEXT PRIMARY KEY NOT NULL, one TEXT NOT NULL, other TEXT NOT NULL, kept TEXT NOT NULL,
 same INTEGER, reason TEXT NOT NULL, conflict INTEGER NOT NULL);
CREATE INDEX pairs_one ON pairs (one);
CREATE INDEX pairs_other ON pairs (other);
CREATE TABLE lists (id TEXT PRIMARY KEY NOT NULL, fact TEXT NOT NULL, file TEXT NOT NULL, sheet TEXT NOT NULL,
 taken_at TEXT NOT NULL, person TEXT NOT NULL, signature TEXT NOT NULL, columns TEXT NOT NULL, datum TEXT NOT NULL,
 swapped INTEGER NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE earlier (checkpoint TEXT PRIMARY KEY NOT NULL, fact TEXT NOT NULL, site TEXT NOT NULL,
 inspection TEXT NOT NULL, recorded_at TEXT NOT NULL, person TEXT NOT NULL, round INTEGER NOT NULL,
 answers TEXT NOT NULL, verdicts TEXT NOT NULL);
CREATE INDEX earlier_site ON earlier (site);
CREATE INDEX sites_walk ON sites (community, code, same_as, search, status, outcome, gone);
CREATE INDEX sites_bare ON sites (community, code, same_as, gone, search) WHERE lon IS NULL;
CREATE INDEX sites_same ON sites (same_as) WHERE same_as <> '';
"""

# ``tray``: photos of this device that belong to nothing yet, like drafts no facts; ``photo`` is the record as JSON.
_PHOTO_TABLES: Final = """
CREATE TABLE tray (device TEXT NOT NULL, sha256 TEXT NOT NULL, photo TEXT NOT NULL, added_at TEXT NOT NULL,
 PRIMARY KEY (device, sha256)) WITHOUT ROWID;
CREATE INDEX visits_follow ON visits (person, site) WHERE photos_follow = 1;
CREATE INDEX photos_source ON photos (source) WHERE source <> '';
"""

# ``steps.standing`` says where a step stands among the others, ``grp`` which bulk action it belongs to.
_RECTIFICATION_TABLES: Final = """
CREATE TABLE units (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, class TEXT NOT NULL, contact TEXT NOT NULL,
 note TEXT NOT NULL, hidden INTEGER NOT NULL, conflicts TEXT NOT NULL);
CREATE TABLE days (id TEXT PRIMARY KEY NOT NULL, working INTEGER, note TEXT NOT NULL);
CREATE TABLE works (id TEXT PRIMARY KEY NOT NULL, site TEXT NOT NULL, element TEXT NOT NULL, what TEXT NOT NULL,
 quantity REAL NOT NULL, quantity_unit TEXT NOT NULL, done_on TEXT NOT NULL, unit TEXT NOT NULL, note TEXT NOT NULL,
 photos TEXT NOT NULL, recorded_at TEXT NOT NULL, person TEXT NOT NULL, withdrawn INTEGER NOT NULL);
CREATE INDEX works_site ON works (site);
CREATE INDEX steps_group ON steps (grp) WHERE grp <> '';
"""

# What the city's system was given, by batch or typed in by hand, and what it answered about each row. ``sending`` is
# the batch or the entry; ``batch_rows`` is made anew because a record may go in rows of several kinds.
_BATCH_TABLES: Final = """
DROP TABLE batch_rows;
CREATE TABLE batch_rows (batch TEXT NOT NULL REFERENCES batches (id), place INTEGER NOT NULL, kind TEXT NOT NULL,
 record TEXT NOT NULL, code TEXT NOT NULL, values_hash TEXT NOT NULL, state TEXT NOT NULL, inspection TEXT NOT NULL,
 step TEXT NOT NULL, PRIMARY KEY (batch, kind, record)) WITHOUT ROWID;
CREATE INDEX batch_rows_record ON batch_rows (record);
CREATE INDEX batch_rows_code ON batch_rows (code);
ALTER TABLE batches ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN profile_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
ALTER TABLE batches ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';
CREATE TABLE entries (id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, code TEXT NOT NULL,
 made_at TEXT NOT NULL, person TEXT NOT NULL, values_hash TEXT NOT NULL, state TEXT NOT NULL,
 inspection TEXT NOT NULL, step TEXT NOT NULL, city_number TEXT NOT NULL, taken_back INTEGER NOT NULL);
CREATE INDEX entries_record ON entries (record);
CREATE INDEX entries_code ON entries (code);
CREATE TABLE answers (id TEXT PRIMARY KEY NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL,
 sending TEXT NOT NULL, accepted INTEGER NOT NULL, reason TEXT NOT NULL, city_number TEXT NOT NULL, code TEXT NOT NULL,
 file TEXT NOT NULL, file_hash TEXT NOT NULL, line INTEGER NOT NULL, at TEXT NOT NULL, person TEXT NOT NULL,
 in_force INTEGER NOT NULL);
CREATE INDEX answers_record ON answers (record);
CREATE INDEX answers_sending ON answers (sending, in_force);
CREATE INDEX answers_rejected ON answers (record) WHERE accepted = 0 AND in_force = 1;
"""

# How many sites of which state lie in each cell of the map, zoom by zoom, and the sums of their positions.
_CLUSTER_TABLES: Final = """
CREATE TABLE clusters (z INTEGER NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, n INTEGER NOT NULL,
 x INTEGER NOT NULL, y INTEGER NOT NULL, not_surveyed INTEGER NOT NULL, pending INTEGER NOT NULL, met INTEGER NOT NULL,
 not_inspected INTEGER NOT NULL, question INTEGER NOT NULL, reported INTEGER NOT NULL, open INTEGER NOT NULL,
 in_progress INTEGER NOT NULL, claimed INTEGER NOT NULL, soft_service INTEGER NOT NULL,
 PRIMARY KEY (z, gx, gy)) WITHOUT ROWID;
"""

_GEOPACKAGE: Final = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
 organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
 description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
 min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
 CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
 geometry_type_name TEXT NOT NULL,
 srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
 CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
 CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
 CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""

_WGS84: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)
REFUSAL: Final = (
    "这是无障碍普查软件由记录推导的图层，请在软件中修改。 "
    "This layer is derived by barrierfree from its records: change it there, not in another program."
)


@migrations()
def m001_first(db: Database) -> None:
    """The first layout: facts, local tables, derived layers as a GeoPackage."""
    for statement in (_GEOPACKAGE + _TABLES).split(";"):
        if statement.strip():
            db.conn.execute(statement)
    db.conn.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)",
        [
            ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
            ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, "longitude/latitude in degrees"),
        ],
    )
    for layer in LAYERS:
        db.conn.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?,'features',?,4326)",
            [layer, layer],
        )
        db.conn.execute("INSERT INTO gpkg_geometry_columns VALUES (?,'geom','POINT',4326,0,0)", [layer])
    _guard_tables(db, ("facts", *_FIRST))
    for act in ("UPDATE", "DELETE"):
        db.conn.execute(
            f"CREATE TRIGGER facts_only_grow_{act.lower()} BEFORE {act} ON facts "
            "BEGIN SELECT RAISE(ABORT, 'facts are added, never changed'); END"
        )
    db.conn.execute("UPDATE guard SET open = 0")


@migrations()
def m002_inventory(db: Database) -> None:
    """Levels, numbers and whereabouts of a site; which site is which; the lists that were taken in."""
    for column in ("district", "street", "grid", "city_number", "gone", "same_as"):
        db.conn.execute(f"ALTER TABLE sites ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    for statement in _INVENTORY_TABLES.split(";"):
        if statement.strip():
            db.conn.execute(statement)
    _guard_tables(db, _INVENTORY)


@migrations()
def m003_visits(db: Database) -> None:
    """Photos that follow their visit, the files they came as, the tray; answers taken over from another element."""
    db.conn.execute("ALTER TABLE visits ADD COLUMN photos_follow INTEGER NOT NULL DEFAULT 0")
    for column in ("source", "original"):
        db.conn.execute(f"ALTER TABLE photos ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    for statement in _PHOTO_TABLES.split(";"):
        if statement.strip():
            db.conn.execute(statement)
    db.conn.execute("ALTER TABLE inspections ADD COLUMN taken_over TEXT NOT NULL DEFAULT '[]'")


@migrations()
def m004_rectification(db: Database) -> None:
    """Steps taken back, decided between and made together; units, days off, works; what is planned and installed."""
    for column in ("standing", "grp"):
        db.conn.execute(f"ALTER TABLE steps ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    db.conn.execute("ALTER TABLE findings ADD COLUMN planned REAL")
    db.conn.execute("ALTER TABLE findings ADD COLUMN source TEXT NOT NULL DEFAULT ''")
    for statement in _RECTIFICATION_TABLES.split(";"):
        if statement.strip():
            db.conn.execute(statement)
    _guard_tables(db, _RECTIFICATION)


@migrations()
def m005_city_and_map(db: Database) -> None:
    """Answers of the city's system and what was typed into it by hand; clusters of the map."""
    for statement in (_BATCH_TABLES + _CLUSTER_TABLES).split(";"):
        if statement.strip():
            db.conn.execute(statement)
    _guard_tables(db, ("batch_rows", *_CITY, *_MAP))


def _guard_tables(db: Database, tables: Sequence[str]) -> None:
    """Refuse writes by other programs: only inside our own transactions does ``guard`` stand open."""
    for table in tables:
        acts = ("INSERT", "UPDATE", "DELETE")
        for act in acts:
            db.conn.execute(
                f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table} "
                f"WHEN (SELECT open FROM guard) = 0 BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


MANY: Final = 500  # rows from which the guards of a table are worth taking down


@contextmanager
def guards_down(sql: sqlite3.Connection, tables: Sequence[str]) -> Iterator[None]:
    """Take the guards against inserts off ``tables`` inside one transaction: three quarters of the time of many rows.

    Nobody else can write meanwhile, and a transaction that fails brings them back.
    """
    marks = ",".join("?" * len(tables))
    guards = sql.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})"
        " AND name LIKE '%_refuse_insert'",
        list(tables),
    ).fetchall()
    for name, _ in guards:
        sql.execute(f"DROP TRIGGER {name}")
    yield
    for _, text in guards:
        sql.execute(text)


def point(lon: float | None, lat: float | None) -> bytes | None:
    """A GeoPackage geometry blob of a WGS-84 point (OGC 12-128r17 clause 2.1.3; little endian, no envelope)."""
    if lon is None or lat is None:
        return None
    return b"GP\x00\x01" + struct.pack("<i", 4326) + struct.pack("<BIdd", 1, 1, lon, lat)
