"""Open formats out of a survey file: what goes, what stays, the photos, and that nothing is left half done."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from barrierfree.errors import BarrierFreeError, Cancelled, ReportError, StorageError
from barrierfree.formats import FORMATS, stripped
from barrierfree.model.records import NewSite
from barrierfree.operations import open_formats, pictures
from barrierfree.operations.open_formats import FormatRequest, told, write_format
from barrierfree.operations.progress import Progress
from barrierfree.store import SameSite, SiteFilter, Store
from tests.builders import Clock, inspection, new_site, survey, visit
from tests.operations.test_reports import Life


def _picture(path: Path) -> Path:
    """A JPEG that is kept as it is, with a camera's traces, an IPTC block, a comment and a film behind its end."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "示例相机".encode().decode("latin-1")
    exif[ExifTags.Base.DateTime] = "2026:03:02 09:00:00"
    image = Image.effect_noise((320, 240), 60).convert("RGB")
    image.save(path, "JPEG", exif=exif, comment=b"SECRET comment", progressive=True, xmp=b"<x>SECRET xmp</x>")
    content = path.read_bytes()
    iptc = b"\xff\xed" + (2 + 20).to_bytes(2, "big") + b"Photoshop 3.0\0SECRET"
    path.write_bytes(content[:2] + iptc + content[2:] + b"ftypmp4 SECRET film")
    return path


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Any:
    with survey(tmp_path / "s.gpkg", clock) as made:
        life = Life(made, clock)
        photo = pictures.keep_picture(made, _picture(tmp_path / "p.jpg"))
        bare = NewSite(key="bare", name="没有位置（示例）", community="富力", site_class="storefront")
        a, _b, c = made.add_sites([new_site("a"), new_site("b", community="富力"), bare], person=life.staff).ids
        done = made.submit_visit(visit(a, inspection(0.9, (photo.sha256,))), person=life.anna, photos=[photo])
        made.review_visit(done.visit, accept=True, person=life.staff)
        other = made.submit_visit(visit(c, inspection(0.8)), person=life.anna)
        made.review_visit(other.visit, accept=True, person=life.staff)
        yield made


def _kept(store: Store) -> Path:
    """The file of the photo with the traces."""
    (photo,) = [p for p in store.photos() if p.name == "p.jpg"]
    return store.photo_path(photo.sha256, photo.suffix)


def _json(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["features"])


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_sites_checkpoints_and_findings(store: Store, tmp_path: Path) -> None:
    sites = write_format(store, FormatRequest(format="geojson"), tmp_path / "o" / "s.geojson")
    assert (sites.written, sites.bare, sites.complete) == (2, 1, False)
    statuses = {f["properties"]["site_code"]: f["properties"]["status"] for f in _json(Path(sites.file))}
    assert sorted(statuses.values()) == ["not_surveyed", "open"]
    write_format(store, FormatRequest(format="geojson", layer="checkpoints"), tmp_path / "c.json")
    (ramp,) = [f["properties"] for f in _json(tmp_path / "c.json") if f["properties"].get("verdict")]
    assert (ramp["q_clear_width_m"], ramp["not_met"], ramp["inspected_on"]) == (0.9, "WR-05", "2026-03-02")
    write_format(store, FormatRequest(format="geojson", layer="findings"), tmp_path / "f.geojson")
    assert [f["properties"]["status_zh"] for f in _json(tmp_path / "f.geojson")] == ["未整改"]


def test_only_what_was_accepted_is_told(store: Store, tmp_path: Path, clock: Clock) -> None:
    person = store.people()[0].id
    (site,) = [s for s in store.sites() if s.status == "not_surveyed"]
    store.submit_visit(visit(site.id, inspection(0.7)), person=person)
    write_format(store, FormatRequest(format="csv", layer="checkpoints", community="富力"), tmp_path / "c.csv")
    assert "0.7" not in [r["实测值"] for r in _rows(tmp_path / "c.csv")]
    assert {r["判定"] for r in _rows(tmp_path / "c.csv") if r["点位编码"] == site.code} == {""}


def test_the_filters(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    for wanted, rows in (
        ({"community": "富力"}, 2), ({"community": "垂杨柳东里"}, 1), ({"site_class": "storefront"}, 3),
        ({"statuses": ("open",)}, 2), ({"statuses": ("met", "not_surveyed")}, 1),
        ({"layer": "findings", "statuses": ("rectified",)}, 0), ({"layer": "findings", "community": "富力"}, 1),
    ):  # fmt: skip
        done = write_format(store, FormatRequest.model_validate({"format": "csv", **wanted}), out)
        assert (done.written, len(_rows(out))) == (rows, rows), wanted


def test_what_was_recorded_at_a_site_that_is_another_one_comes_with_that_one(store: Store, tmp_path: Path) -> None:
    person = store.people()[0].id
    a, b = [s for s in store.sites() if s.lon is not None]
    kept_id, gone_id = (a.id, b.id) if a.status == "not_surveyed" else (b.id, a.id)
    store.decide_same(SameSite(row=gone_id, site=kept_id, same=True), person=person)
    assert len(store.sites()) == 2
    (kept,) = store.open_records(SiteFilter(community=store.sites()[0].community, text="幸福"))
    assert [f.problem for f in kept.findings] == ["non_compliant"]
    assert [c.inspection.answers["clear_width"] for c in kept.checkpoints if c.inspection] == [0.9]
    done = write_format(store, FormatRequest(format="osm-geojson", layer="checkpoints"), tmp_path / "o.geojson")
    assert done.written == 1, "the same element of the other record was not inspected"


def test_a_site_no_longer_in_its_list_is_left_out_and_counted(store: Store, tmp_path: Path) -> None:
    before = write_format(store, FormatRequest(format="csv"), tmp_path / "o.csv")
    assert before.gone == 0
    store._sql.execute("UPDATE guard SET open = 1")
    store._sql.execute("UPDATE sites SET gone = '清单' WHERE lon IS NULL")
    store._sql.execute("UPDATE guard SET open = 0")
    done = write_format(store, FormatRequest(format="csv"), tmp_path / "o.csv")
    assert (done.written, done.gone) == (2, 1)
    assert "1 个已不在清单里的点位没有导出" in told(done)[1]


def test_names_only_if_they_are_asked_for(store: Store, tmp_path: Path) -> None:
    names = {p.name for p in store.people()}
    assert names
    for kind in ("geojson", "csv", "kml"):
        for layer in FORMATS[kind].layers:
            out = tmp_path / f"o{FORMATS[kind].endings[0]}"
            write_format(store, FormatRequest(format=kind, layer=layer), out)
            assert not [n for n in names if n in out.read_text(encoding="utf-8")], (kind, layer)
    write_format(store, FormatRequest(format="csv", layer="checkpoints", extras=("names",)), tmp_path / "o.csv")
    assert {r["检查人"] for r in _rows(tmp_path / "o.csv")} & names


# -- photos -----------------------------------------------------------------------------------------------------------


def test_photos_go_beside_the_file_without_their_traces(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "o" / "检查.geojson"
    done = write_format(store, FormatRequest(format="geojson", layer="checkpoints", extras=("photos",)), out)
    (named,) = {f["properties"]["photos"] for f in _json(out) if f["properties"].get("photos")}
    assert (done.photos, done.missing, done.photos_folder) == (1, 0, str(tmp_path / "o" / "检查-照片"))
    (file,) = Path(done.photos_folder).iterdir()
    assert file.name == named
    kept = _kept(store)
    assert b"SECRET" in kept.read_bytes(), "else the test shows nothing"
    assert b"SECRET" not in file.read_bytes()
    with Image.open(file) as given, Image.open(kept) as held:
        assert not given.getexif()
        assert "comment" not in given.info
        assert given.tobytes() == held.tobytes(), "not a pixel is another"
    again = FormatRequest(format="geojson", layer="checkpoints", extras=("photos", "exif"))
    write_format(store, again, tmp_path / "with.geojson")
    (whole,) = (tmp_path / "with-照片").iterdir()
    assert whole.read_bytes() == kept.read_bytes()
    with pytest.raises(StorageError, match="已经存在"):
        write_format(store, again, tmp_path / "with.geojson")


def test_a_photo_that_is_not_there_is_counted(store: Store, tmp_path: Path) -> None:
    _kept(store).unlink()
    wanted = FormatRequest(format="csv", layer="checkpoints", extras=("photos",))
    done = write_format(store, wanted, tmp_path / "o.csv")
    assert (done.photos, done.missing, done.complete) == (0, 1, False)
    assert not (tmp_path / "o-照片").exists()
    assert "1 张照片读不出来" in told(done)[1]


def test_what_is_no_whole_jpeg_is_not_promised_to_be_clean(tmp_path: Path) -> None:
    content = _picture(tmp_path / "p.jpg").read_bytes()
    whole = stripped(content)
    assert whole is not None
    assert stripped(whole) == whole
    for cut in range(0, len(whole) - 1, 97):
        assert stripped(whole[:cut]) is None
    assert stripped(b"") is None
    assert stripped(b"\x89PNG\r\n\x1a\n") is None


# -- refusals and faults ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wanted", "name", "said"), [
    ({"format": "shp"}, "o.shp", "没有名为“shp”的格式"),
    ({"format": "osm-geojson", "layer": "findings"}, "o.geojson", "不能导出“问题”"),
    ({"format": "a11yjson", "layer": "checkpoints"}, "o.json", "不能导出“检查点”"),
    ({"format": "osm-geojson", "extras": ("names",)}, "o.geojson", "没有地方放：姓名"),
    ({"format": "csv", "extras": ("names",)}, "o.csv", "“点位”里没有地方放：姓名"),
    ({"format": "csv", "layer": "findings", "statuses": ("met",)}, "o.csv", "没有状态“met”"),
    ({"format": "csv", "community": "无此社区"}, "o.csv", "没有社区“无此社区”"),
    ({"format": "csv", "site_class": "palace"}, "o.csv", "没有代码为“palace”"),
    ({"format": "csv"}, "s.gpkg", "不是这种格式的文件名"),
    ({"format": "kml"}, "o.csv", "不是这种格式的文件名"),
])  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_is_written(
    store: Store, tmp_path: Path, wanted: dict[str, Any], name: str, said: str
) -> None:
    before = sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(BarrierFreeError, match=said) as refused:
        write_format(store, FormatRequest.model_validate(wanted), tmp_path / name)
    assert refused.value.advice
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_cancelled_leaves_nothing_and_the_old_file_stays(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "o" / "f.csv"
    out.parent.mkdir()
    out.write_text("old", encoding="utf-8")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        write_format(store, FormatRequest(format="csv"), out, progress)
    wanted = FormatRequest(format="csv", layer="checkpoints", extras=("photos",))
    with pytest.raises(Cancelled):
        write_format(store, wanted, out, Progress(lambda d, n, text: _stop(text)))
    assert [p.name for p in out.parent.iterdir()] == ["f.csv"]
    assert out.read_text(encoding="utf-8") == "old"


def _stop(text: str) -> None:
    if text == "正在导出照片":
        raise Cancelled


@pytest.mark.parametrize("fails", [1, 2])
def test_a_disk_that_fails_at_the_last_step_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    out = tmp_path / "o" / "f.csv"
    calls = 0
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == fails:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(StorageError, match="No space left"):
        write_format(store, FormatRequest(format="csv", layer="checkpoints", extras=("photos",)), out)
    assert list(out.parent.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_said(store: Store, tmp_path: Path) -> None:
    (tmp_path / "o.csv").mkdir()
    with pytest.raises(StorageError):
        write_format(store, FormatRequest(format="csv"), tmp_path / "o.csv")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError):
        write_format(store, FormatRequest(format="csv"), tmp_path / "file" / "o.csv")


def test_what_is_told_of_it(store: Store, tmp_path: Path) -> None:
    wanted = FormatRequest(format="osm-geojson", layer="checkpoints")
    done = write_format(store, wanted, tmp_path / "o.geojson")
    said, more = told(done)
    assert said == "已导出 1 条“检查点”：o.geojson"
    assert "没有位置，没有导出" in more
    assert "OSM 没有对应的标签" in more
    assert open_formats.format_word("osm-geojson").startswith("GeoJSON（OSM")


def test_a_position_from_a_commercial_map_is_named(tmp_path: Path, clock: Clock) -> None:
    from barrierfree.coordinates import position

    with survey(tmp_path / "g.gpkg", clock) as store:
        life = Life(store, clock)
        site = NewSite(key="g", name="甲（示例）", site_class="storefront", position=position(116.46, 39.89, "gcj02"))
        life.see(store.add_sites([site], person=life.staff).ids[0], 1.3)
        done = write_format(store, FormatRequest(format="osm-geojson", layer="checkpoints"), tmp_path / "o.geojson")
        assert done.borrowed == 1
        assert "商业地图" in told(done)[1]
        (feature,) = _json(tmp_path / "o.geojson")
        assert feature["geometry"]["coordinates"][0] < 116.458, "WGS-84, not the map's own datum"


def test_refused_in_the_report_class(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ReportError):
        write_format(store, FormatRequest(format="none"), tmp_path / "x.csv")
