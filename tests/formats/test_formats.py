"""Each format against its schema or another program's reader, and with texts as bad as they come."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from barrierfree import cells, paths
from barrierfree.formats import FORMATS, LAYERS, About, Layer, Tally, extras
from barrierfree.formats.values import columns
from barrierfree.model.records import Finding
from barrierfree.model.words import FindingState, Status
from tests.formats.records import HOSTILE, about, everything, features, finding, inspected, record, sample, written

KML = "{http://www.opengis.net/kml/2.2}"
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), st.characters())
# RFC 7946: what a collection of points must be; nothing that its section 7 forbids (the members of other types).
GEOJSON: dict[str, Any] = {
    "type": "object", "required": ["type", "features"], "not": {"anyOf": [
        {"required": ["coordinates"]}, {"required": ["geometries"]}, {"required": ["geometry"]},
        {"required": ["properties"]}, {"required": ["crs"]},
    ]},
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": {
        "type": "object", "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"}, "id": {"type": ["string", "number"]},
            "geometry": {
                "type": "object", "required": ["type", "coordinates"], "additionalProperties": False,
                "properties": {"type": {"const": "Point"}, "coordinates": {
                    "type": "array", "minItems": 2, "maxItems": 2, "prefixItems": [
                        {"type": "number", "minimum": -180, "maximum": 180},
                        {"type": "number", "minimum": -90, "maximum": 90},
                    ]}},
            },
            "properties": {"type": "object"},
        },
    }}},
}  # fmt: skip
FLAT = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
A11YJSON = json.loads((Path(__file__).parent / "a11yjson.schema.json").read_text(encoding="utf-8"))


def _nasty(text: str, findings: int = 1) -> Any:
    """A record with ``text`` wherever a person can write."""
    ramp = inspected("wheelchair_ramp", missed="WR-05", present="yes", clear_width=0.9, slope=(1 / 12, text),
                     material=text, remark=text)  # fmt: skip
    told: tuple[Finding, ...] = tuple(
        finding(id=f"F{n}", note=text, unit=text, responsible=text, measure=text, deadline_note=text,
                quantity_unit=text, city_number=text) for n in range(findings)
    )  # fmt: skip
    return record(ramp, findings=told, name=text, address=text, community=text, note=text, grid=text, city_number=text)


def _check(kind: str, content: str) -> int:
    """The file is what it says to be; how many records it has."""
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1
        assert not [cell for row in rows[1:] for cell in row if cells.looks_like_formula(cell) and not _number(cell)]
        return len(rows) - 1
    if kind == "kml":
        root = ElementTree.fromstring(content.encode())
        assert {element.tag.removeprefix(KML) for element in root.iter()} <= set(_ORDER) | _LEAVES
        return len(root.findall(f".//{KML}Placemark"))
    told = json.loads(content)
    jsonschema.Draft202012Validator(GEOJSON).validate(told)
    if kind == "a11yjson":
        for feature in told["features"]:
            jsonschema.Draft7Validator(A11YJSON).validate({k: v for k, v in feature.items() if k != "type"})
    else:
        for feature in told["features"]:
            jsonschema.validate(feature["properties"], FLAT)
    return len(told["features"])


def _number(cell: str) -> bool:
    return re.fullmatch(r"-?[\d.]+", cell) is not None


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_no_text_breaks_a_file(kind: str, text: str) -> None:
    for layer in FORMATS[kind].layers:
        content = written(kind, _nasty(text), _nasty(text), told=everything(layer))
        assert _check(kind, content) == 2, layer
        content.encode()  # no lone surrogates


@pytest.mark.parametrize("kind", FORMATS)
def test_the_worst_texts_one_after_the_other(kind: str) -> None:
    for text in HOSTILE:
        for layer in FORMATS[kind].layers:
            assert _check(kind, written(kind, _nasty(text), told=everything(layer))) == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_an_empty_survey_gives_a_whole_file(kind: str) -> None:
    for layer in FORMATS[kind].layers:
        assert _check(kind, written(kind, told=about(layer))) == 0


@pytest.mark.parametrize("layer", LAYERS)
def test_without_a_position_only_the_table_has_it(layer: Layer) -> None:
    bare = record(inspected("door", present="yes"), findings=(finding(),), lon=None, lat=None)
    for kind, known in FORMATS.items():
        if layer in known.layers:
            tally = Tally()
            content = written(kind, bare, told=about(layer), tally=tally)
            assert (_check(kind, content), tally.bare) == (0 if known.places else 1, 1), kind
            assert tally.written == (0 if known.places else 1)
            if "photos" in known.extras:
                written(kind, bare, told=everything(layer), tally=(whole := Tally()))
                assert len(whole.hashes) == (not known.places and layer != "findings"), "photos go with their record"


@pytest.mark.parametrize("kind", FORMATS)
def test_what_was_not_asked_for_is_not_in_the_file(kind: str) -> None:
    secret = "王芳 13900000000"
    one = _nasty("x")
    ramp = inspected(
        "wheelchair_ramp", present="yes", clear_width=1.2, material=secret, plan_form=secret, surface=secret
    )
    hidden = finding(note=secret, responsible=secret, measure=secret, deadline_note=secret)
    given_away = record(ramp, *one.checkpoints, findings=(hidden,), note=secret)
    for layer in FORMATS[kind].layers:
        told = about(layer, names={"P1": secret}, photos={"aa" * 32: secret})  # known, but not to be told
        content = written(kind, given_away, told=told)
        assert "13900000000" not in content, layer
        assert "aa.jpg" not in content
        whole = written(kind, given_away, told=everything(layer))
        assert ("13900000000" in whole) == (("notes" in extras(kind, layer) and layer != "checkpoints") or kind in (
            "geojson", "csv", "kml")), layer  # fmt: skip


# -- geojson --------------------------------------------------------------------------------------------------------


def test_geojson_has_longitude_first_and_seven_decimals() -> None:
    (feature,) = features("geojson", record())
    point = shape(feature["geometry"])
    assert isinstance(point, Point)
    assert (point.x, point.y) == (116.4612346, 39.89)
    told = feature["properties"]
    assert (told["status"], told["status_zh"], told["site_class_zh"]) == ("open", "未整改", "临街门店")


def test_geojson_tells_answers_with_units_and_why_a_rule_is_not_met() -> None:
    ramp = inspected("wheelchair_ramp", missed="WR-05", present="yes", clear_width=0.95, slope=(1 / 12, "1:12"),
                     rise=140, handrails="both")  # fmt: skip
    (feature,) = features("geojson", record(ramp), told=about("checkpoints"))
    told = feature["properties"]
    assert (told["q_clear_width_m"], told["q_rise_mm"], told["q_handrails"]) == (0.95, 140, "both")
    assert (round(told["q_slope_ratio"], 4), told["q_slope_entered"]) == (0.0833, "1:12")
    assert (told["verdict"], told["verdict_zh"], told["not_met"]) == ("not_met", "不达标", "WR-05")
    assert "与现行标准不符" in told["reasons_zh"]
    assert "净宽 0.95 m" in told["measured_zh"]
    assert "扶手：两侧都有" in told["answers_zh"]
    assert told["inspected_on"] == "2026-03-02"


def test_the_names_of_the_properties_are_documented() -> None:
    text = (paths.resources() / "formats" / "README.md").read_text(encoding="utf-8")
    for layer in LAYERS:
        for column in columns(everything(layer)):
            assert f"`{column.name}`" in text, column.name


def test_several_findings_of_one_checkpoint_are_several_features() -> None:
    two = record(findings=(finding(), finding(id="F2", state=FindingState.RECTIFIED)))
    told = [f["properties"]["status_zh"] for f in features("geojson", two, told=about("findings"))]
    assert told == ["未整改", "已整改"]
    only = about("findings", statuses=frozenset({"rectified"}))
    assert [f["id"] for f in features("geojson", two, told=only)] == ["F2"]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "layer"), [(k, x) for k, f in FORMATS.items() for x in f.layers])
def test_gdal_reads_it(kind: str, layer: Layer, tmp_path: Path) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.skip("GDAL's ogrinfo is not installed")
    told = record(inspected("wheelchair_ramp", present="yes", clear_width=0.95), findings=(finding(),))
    file = tmp_path / f"f{FORMATS[kind].endings[0]}"
    file.write_bytes(written(kind, told, told, told=about(layer)).encode())
    said = subprocess.run(["ogrinfo", "-al", str(file)], capture_output=True, text=True, check=True)
    assert "Feature Count: 2" in said.stdout
    assert "Warning" not in said.stderr
    if kind != "csv":
        assert "POINT (116.461234" in said.stdout.replace("POINT Z", "POINT")
        assert "WGS 84" in said.stdout


# -- csv ------------------------------------------------------------------------------------------------------------


def test_csv_is_what_excel_reads() -> None:
    content = written("csv", record(name="=1+1"), told=about("sites"))
    assert content.startswith("\ufeff点位编码,点位名称,")
    assert content.count("\r\n") == 2
    head, row = csv.reader(io.StringIO(content[1:], newline=""))
    told = dict(zip(head, row, strict=True))
    assert (told["点位名称"], told["经度"], told["坐标系"]) == ("'=1+1", "116.4612346", "WGS-84")


@pytest.mark.slow
def test_csv_in_libreoffice_and_calamine(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    from python_calamine import CalamineWorkbook

    texts = [text for text in HOSTILE if "\r" not in text and text.strip() == text]
    file = tmp_path / "t.csv"
    file.write_bytes(written("csv", *(record(name=text) for text in texts)).encode())
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--infilter=CSV:44,34,76,1",
         "--convert-to", "xlsx", "--outdir", str(tmp_path), str(file)], capture_output=True, check=True, timeout=200,
    )  # fmt: skip
    rows = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx")).get_sheet_by_index(0).to_python()
    assert len(rows) == len(texts) + 1
    safe = [f"'{t}" if cells.looks_like_formula(t) else t for t in map(cells.clean, texts)]
    assert [str(row[1]) for row in rows[1:]] == safe
    assert {row[rows[0].index("经度")] for row in rows[1:]} == {116.4612346}


# -- kml ------------------------------------------------------------------------------------------------------------

# OGC KML 2.2 (07-147r2, ogckml22.xsd): the order of the children we use; an xs:sequence in each type.
_ORDER = {
    "kml": ["Document"],
    "Document": ["name", "Snippet", "description", "Style", "Schema", "Placemark"],
    "Placemark": ["name", "Snippet", "description", "styleUrl", "ExtendedData", "Point"],
    "Style": ["IconStyle", "LabelStyle"], "IconStyle": ["color"], "LabelStyle": ["scale"],
    "Schema": ["SimpleField"], "SimpleField": ["displayName"], "ExtendedData": ["SchemaData"],
    "SchemaData": ["SimpleData"], "Point": ["coordinates"],
}  # fmt: skip
_LEAVES = {"name", "Snippet", "description", "color", "scale", "displayName", "SimpleData", "coordinates", "styleUrl"}


@pytest.mark.parametrize("layer", LAYERS)
def test_kml_follows_the_order_of_the_schema(layer: Layer) -> None:
    ramp = inspected("wheelchair_ramp", present="yes", clear_width=0.95)
    root = ElementTree.fromstring(written("kml", record(ramp, findings=(finding(),)), told=about(layer)).encode())
    for element in root.iter():
        order = _ORDER.get(element.tag.removeprefix(KML), [])
        places = [order.index(child.tag.removeprefix(KML)) for child in element]
        assert places == sorted(places), element.tag
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), "ids are unique"
    styles = {f"#{e.get('id')}" for e in root.iter(f"{KML}Style")}
    kinds: list[str] = [*FindingState] if layer == "findings" else [*Status]
    assert styles == {f"#{kind}" for kind in kinds}
    (mark,) = root.iter(f"{KML}Placemark")
    assert mark.findtext(f"{KML}styleUrl") in styles
    fields = {f.get("name"): f.get("type") for f in root.iter(f"{KML}SimpleField")}
    assert {d.get("name") for d in root.iter(f"{KML}SimpleData")} <= set(fields)
    assert mark.findtext(f".//{KML}coordinates") == "116.4612346,39.8900000"
    assert "://" not in written("kml", record(), told=about(layer)).replace(KML[1:-1], ""), "nothing is fetched"


def test_kml_shows_texts_as_text() -> None:
    """A viewer takes the description for HTML, so that after XML one more unpacking must not give markup."""
    root = ElementTree.fromstring(written("kml", record(name="<img src=x onerror=alert(1)> & ]]>")).encode())
    (mark,) = root.iter(f"{KML}Placemark")
    assert mark.findtext(f"{KML}name") == "<img src=x onerror=alert(1)> & ]]>"
    shown = mark.findtext(f"{KML}description") or ""
    assert "&lt;img" in shown
    assert set(re.findall(r"<[^>]*>", shown)) == {"<br>"}


# -- OpenStreetMap ----------------------------------------------------------------------------------------------------


def _tags(*elements: Any, layer: Layer = "checkpoints", told: About | None = None, **changes: Any) -> dict[str, Any]:
    found = next(features("osm-geojson", record(*elements, **changes), told=told or about(layer)), None)
    return found["properties"] if found else {}


def test_a_ramp_in_the_words_of_openstreetmap() -> None:
    ramp = inspected("wheelchair_ramp", present="yes", slope=(1 / 12, "1:12"), clear_width=1.2, handrails="none")
    assert _tags(ramp) == {
        "ramp": "yes", "ramp:wheelchair": "yes", "incline": "8.3%", "width": "1.2", "handrail": "no",
        "source": "survey", "check_date": "2026-03-02",
    }  # fmt: skip
    assert _tags(inspected("wheelchair_ramp", present="no"))["ramp:wheelchair"] == "no"
    assert _tags(inspected("wheelchair_ramp", present="na")) == {}
    assert _tags(inspected("wheelchair_ramp", clear_width=1.2)) == {}, "not said to be there"


@pytest.mark.parametrize(("millimetres", "kerb", "height"), [
    (0, "flush", "0"), (5, "flush", "0.005"), (20, "lowered", "0.02"), (30, "lowered", "0.03"), (31, "raised", "0.031"),
])  # fmt: skip
def test_kerbs(millimetres: int, kerb: str, height: str) -> None:
    told = _tags(inspected("curb_ramp", present="yes", height_difference=millimetres), site_class="crossing")
    assert (told["barrier"], told["kerb"], told["kerb:height"]) == ("kerb", kerb, height)


def test_kerb_words_are_those_of_opensidewalks(shared: Path) -> None:
    """The words a real pedestrian network uses for the same things."""
    used: dict[str, set[str]] = {}
    with (shared / "accessibility" / "opensidewalks_nodes.geojson").open(encoding="utf-8") as file:
        for feature in json.load(file)["features"]:
            for key, value in feature["properties"].items():
                used.setdefault(key, set()).add(str(value))
    for millimetres in (0, 20, 100):
        assert _tags(inspected("curb_ramp", present="yes", height_difference=millimetres))["kerb"] in used["kerb"]
    for present in ("yes", "no"):
        assert _tags(inspected("tactile_paving", present=present))["tactile_paving"] in used["tactile_paving"]


LEVEL: dict[str, Any] = {"present": "yes", "form": "level"}
DOOR: dict[str, Any] = {"present": "yes", "clear_width": 900, "threshold": 10}
RAMP: dict[str, Any] = {"present": "yes", "slope": (1 / 12, "1:12")}


@pytest.mark.parametrize(("entrance", "ramp", "door", "missed", "grade"), [
    (LEVEL, None, DOOR, "", "yes"),
    (LEVEL, None, DOOR | {"threshold": 60}, "", "limited"),
    (LEVEL, None, DOOR | {"threshold": 90}, "", ""),
    (LEVEL, None, DOOR | {"clear_width": 700}, "", ""),
    (LEVEL, None, {"present": "yes"}, "", ""),
    (LEVEL, None, None, "", ""),
    ({"present": "yes", "form": "steps_ramp", "step_height": 300}, RAMP, DOOR, "", "yes"),
    ({"present": "yes", "form": "steps_ramp", "step_height": 300}, RAMP, DOOR, "WR-01", ""),
    ({"present": "yes", "form": "steps_ramp", "step_height": 300}, {"present": "yes"}, DOOR, "", ""),
    ({"present": "no", "step_height": 150}, {"present": "no"}, DOOR, "", "no"),
    ({"present": "no", "step_height": 60}, {"present": "no"}, None, "", "limited"),
    ({"present": "no", "step_height": 150}, None, DOOR, "", ""),
    ({"present": "no"}, {"present": "no"}, DOOR, "", ""),
])  # fmt: skip
def test_wheelchair_only_where_it_was_measured(
    entrance: dict[str, Any], ramp: dict[str, Any] | None, door: dict[str, Any] | None, missed: str, grade: str
) -> None:
    parts = [inspected("accessible_entrance", **entrance)]
    parts += [inspected("wheelchair_ramp", missed=missed, **ramp)] if ramp else []
    parts += [inspected("door", **door)] if door else []
    inside = inspected("accessible_route", present="yes", step_free="yes")
    assert _tags(*parts, inside, layer="sites").get("wheelchair", "") == grade
    alone = _tags(*parts, layer="sites").get("wheelchair", "")
    assert alone == (grade if grade == "no" else ""), "of the way inside nothing is known"


def test_openstreetmap_gets_no_names_and_notes_only_if_chosen() -> None:
    told = everything("sites")
    assert _tags(inspected("door", **DOOR), told=told, note="备注")["note"] == "备注"
    assert "note" not in _tags(inspected("door", **DOOR), layer="sites", note="备注")
    content = json.loads(written("osm-geojson", record(inspected("door", **DOOR))))
    assert "从不上传" in content["warning"]
    assert "广渠路" not in json.dumps(content, ensure_ascii=False), "an address from a list is not ours to give"


def test_every_line_of_the_table_speaks_of_the_checklist() -> None:
    from barrierfree.formats.osm import tag_table

    checklist, table = sample().checklist, tag_table()
    assert set(table["classes"]) <= {c.code for c in sample().classes}
    lines = [(code, line) for code, told in table["elements"].items() for line in told.get("tags", ())]
    lines += [(line["element"], line) for line in table["site"]]
    kinds = {"metres": ("length_mm", "length_m"), "percent": ("slope",), "count": ("count",), "choice": ("",)}
    for code, line in lines:
        element = checklist.element(code)
        assert element, code
        question = element.question(line["question"])
        assert question, (code, line)
        assert question.quantity in kinds[line.get("as", "choice")], (code, line)
        assert set(line.get("values", ())) <= {c.name for c in question.choices}, (code, line)


# -- A11yJSON ---------------------------------------------------------------------------------------------------------


def _access(*elements: Any) -> dict[str, Any]:
    content = written("a11yjson", record(*elements))
    _check("a11yjson", content)
    return dict(json.loads(content)["features"][0]["properties"].get("accessibility", {}))


def test_slopes_are_in_degrees_and_lengths_have_units() -> None:
    found = _access(
        inspected("accessible_entrance", present="yes", form="steps_ramp"),
        inspected("wheelchair_ramp", present="yes", slope=(1 / 12, "1:12")),
        inspected("door", present="yes", clear_width=900, threshold=15, kind="automatic", glass="yes", glass_band="no"),
    )
    (entrance,) = found["entrances"]
    told = entrance["properties"]
    assert told["slopeAngle"] == {"value": round(math.degrees(math.atan(1 / 12)), 2), "unit": "deg", "rawValue": "1:12"}
    assert (told["isLevel"], told["hasFixedRamp"]) == (False, True)
    assert told["door"]["width"] == {"value": 0.9, "unit": "m"}
    assert told["door"]["thresholdHeight"] == {"value": 0.015, "unit": "m"}
    assert (told["door"]["isAutomatic"], told["door"]["hasClearMarkingOnGlassDoor"]) == (True, False)
    assert "isSliding" not in told["door"], "an automatic door may slide or swing"


def test_unknown_is_absent_and_none_is_null() -> None:
    assert _access() == {}
    assert _access(inspected("toilet", present="no")) == {}, "no accessible one says nothing of the others"
    found = _access(inspected("door", present="no"), inspected("parking", present="no", total_bays=40))
    assert found["entrances"] == [{"properties": {"door": None}}]
    assert found["parking"] == {"count": 40, "forWheelchairUsers": None}
    assert "wheelchairAccessibilityGrade" not in found


def test_everything_measured_stands_at_its_place() -> None:
    found = _access(
        inspected("accessible_entrance", present="yes", form="steps_lift"),
        inspected("steps", present="yes", kind="steps", risers=3, riser=150, handrails="one", contrast="yes"),
        inspected("low_counter", present="yes", height=800, knee_width=750, knee_height=650, knee_depth=450),
        inspected("toilet", present="yes", door_opens="out", turning_circle=1.5, grab_bars="yes", basin="yes",
                  basin_height=800, basin_knee_height=650),
        inspected("lift", present="yes", form="platform", working="no", car_width=1.1, car_depth=1.4, door_width=800),
        inspected("parking", present="yes", total_bays=100, accessible_bays=2, markings=["guide_sign", "symbol"]),
        inspected("wheelchair_seating", present="no"),
        inspected("accessible_route", present="yes", clear_width=1.2, turning_space=1.5),
        inspected("tactile_paving", present="yes", contrast="yes"), inspected("audible_signal", present="no"),
    )  # fmt: skip
    stairs = found["entrances"][0]["properties"]["stairs"]
    assert (stairs["count"], stairs["stepHeight"]["value"], stairs["hasHandRail"]) == (3, 0.15, True)
    assert found["entrances"][0]["properties"]["hasHoist"] is True
    assert found["desks"][0]["depthBelow"]["value"] == 0.45
    assert found["restrooms"][0]["entrance"]["door"] == {"doorOpensToOutside": True, "isSliding": False}
    assert (found["availableEquipment"][0]["category"], found["availableEquipment"][0]["isWorking"]) == (
        "wheelchairLift", False)  # fmt: skip
    assert found["parking"]["forWheelchairUsers"] == {"count": 2, "hasDedicatedSignage": True}
    assert found["wheelchairPlaces"] is None
    assert found["pathways"]["surface"]["turningSpace"]["value"] == 1.5
    assert found["signageSystems"] == [{"hasTactilePaving": True, "isHighContrast": True}, {"hasAudio": False}]
