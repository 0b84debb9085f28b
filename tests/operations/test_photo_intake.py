"""The evening's photos: proposals by time and place, the tray, the clock's error; stored once, whole or not at all."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from barrierfree.cli import main
from barrierfree.errors import Cancelled, PhotoError
from barrierfree.model.records import Draft
from barrierfree.operations import photo_intake
from barrierfree.operations.photo_proposals import (
    Occasion,
    Proposal,
    Shot,
    Slot,
    Target,
    propose,
    read_offset,
    told_offset,
)
from barrierfree.operations.progress import Progress
from barrierfree.store import Store
from tests.builders import Clock, inspection, new_site, survey, visit
from tests.photo_files import picture

BEIJING = timezone(timedelta(hours=8))
HERE, NEXT_DOOR = (116.46, 39.89), (116.4603, 39.89)  # 26 m apart


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{text}:00").replace(tzinfo=BEIJING)


def occasion(name: str, started: str, ended: str, place: tuple[float, float] | None = HERE) -> Occasion:
    lon, lat = place or (None, None)
    slots = (Slot("door", 1, f"{name}-door"), Slot("wheelchair_ramp", 1, f"{name}-ramp", not_met=1))
    return Occasion(f"visit-{name}", f"site-{name}", name, lon, lat, at(started), at(ended), slots)


SHOP = occasion("便利店", "10:30", "10:52")
PHARMACY = occasion("药房", "11:00", "11:20", NEXT_DOOR)
FAR_AWAY = occasion("居委会", "14:00", "14:30", (116.48, 39.90))
ALL = [FAR_AWAY, PHARMACY, SHOP]


def shot(time: str = "", place: tuple[float, float] | None = None) -> Shot:
    lon, lat = place or (None, None)
    return Shot("k", datetime.fromisoformat(f"2026-03-02T{time}") if time else None, lon, lat)


@pytest.mark.parametrize(
    ("one", "name", "reason"),
    [
        (shot("10:42:07"), "便利店", "拍摄时间在走访期间（10:42）"),
        (shot("10:42:07", HERE), "便利店", "拍摄时间在走访期间（10:42），距点位 0 米"),
        (shot("02:42:07+00:00"), "便利店", "拍摄时间在走访期间（02:42）"),
        (shot("10:24:30"), "便利店", "拍摄时间在走访开始前 6 分钟（10:24）"),
        (shot("14:31:00"), "居委会", "拍摄时间在走访结束后 1 分钟（14:31）"),
        (shot("10:56:00"), "", "拍摄时间同时符合“药房”、“便利店”"),
        (shot("10:56:00", HERE), "", "拍摄时间同时符合“药房”、“便利店”"),  # 26 m apart: a phone cannot tell
        (shot("11:01:00"), "药房", "拍摄时间在走访期间（11:01）"),  # the other one had ended
        (shot("10:42:07", (116.4697, 39.89)), "", "拍摄时间在“便利店”走访期间，但位置离点位 830 米"),
        (shot("18:00:00"), "", "拍摄时间不在您的走访期间"),
        (shot("18:00:00", (116.48, 39.9001)), "", "距“居委会”11 米，但拍摄时间不在走访期间"),
        (shot("", (116.48, 39.9001)), "居委会", "没有拍摄时间，距点位 11 米"),
        (shot("", HERE), "", "没有拍摄时间，附近有“药房”、“便利店”的走访"),
        (shot("", (117.0, 40.0)), "", "没有拍摄时间，附近没有您走访的点位"),
        (shot(), "", "没有拍摄时间和位置"),
    ],
)
def test_proposals_with_their_reasons(one: Shot, name: str, reason: str) -> None:
    proposal = propose(one, ALL)
    assert proposal.reason == reason
    assert (proposal.target.occasion.name if proposal.target else "") == name
    if proposal.target:
        assert proposal.target.slot.element == "wheelchair_ramp"  # what was not met is what one photographs


def test_place_decides_between_visits_at_one_time() -> None:
    far = occasion("学校", "10:30", "10:52", (116.4612, 39.89))  # 100 m on
    assert propose(shot("10:42:00", HERE), [SHOP, far]) == Proposal(
        propose(shot("10:42:00", HERE), [SHOP]).target, "拍摄时间在走访期间（10:42），距点位 0 米"
    )
    assert propose(shot("10:42:00"), [SHOP, far]).target is None


def test_a_site_without_position_fits_by_time() -> None:
    bare = occasion("无位置", "10:30", "10:52", None)
    assert propose(shot("10:42:00", HERE), [bare]).target is not None


def test_drafts_by_the_time_they_were_saved() -> None:
    slots = (Slot("door", 1, saved=at("09:10")), Slot("wheelchair_ramp", 1, saved=at("09:30")))
    draft = Occasion("", "s", "便利店", *HERE, at("09:10"), at("09:30"), slots)
    near_door, near_ramp = (propose(shot(t), [draft]).target for t in ("09:12:00", "09:29:00"))
    assert near_door is not None
    assert near_ramp is not None
    assert (near_door.slot.element, near_ramp.slot.element) == ("door", "wheelchair_ramp")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("+00:03:20", "相机慢 3 分钟 20 秒"), ("-1:00:00", "相机快 1 小时"), ("24:00:01", "相机慢 1 天 1 秒"),
        ("0:00:00", "相机时间准确"),
    ],
)  # fmt: skip
def test_offsets(text: str, told: str) -> None:
    assert told_offset(read_offset(text)) == told


@pytest.mark.parametrize("text", ["", "3:20", "+00:61:00", "soon"])
def test_offsets_that_make_no_sense(text: str) -> None:
    with pytest.raises(PhotoError, match="看不懂时间差"):
        read_offset(text)


# -- with a survey and files ------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = survey(tmp_path / "s.gpkg", clock)
    store.add_sites([new_site("a"), new_site("b", "光环药房（示例）", "富力", 116.48)], person="p")
    store.name_person("示例甲", "anna")
    return store


def evening(store: Store, clock: Clock, tmp_path: Path) -> Path:
    """A visit from 9:30 to 9:50 whose photos follow, a draft of 10:20, and a phone's folder; it is 20:00."""
    shop, pharmacy = store.sites()
    clock.move(minutes=50)
    new = visit(shop.id, inspection(0.95)).model_copy(
        update={"photos_to_follow": True, "started": "2026-03-02T09:30:00+08:00", "ended": clock.now.isoformat()}
    )
    store.submit_visit(new, person="anna")
    clock.move(minutes=30)
    store.save_draft(Draft(site=pharmacy.id, element="door", number=1, person="anna", answers={"present": "yes"}))
    clock.move(hours=9, minutes=40)
    folder = tmp_path / "DCIM"
    picture(folder / "100" / "one.jpg", "2026:03:02 09:42:00", lon=116.4601, lat=39.89, shade=1)
    picture(folder / "100" / "two.heic", "2026:03:02 09:44:00", offset="+08:00", shade=40)
    picture(folder / "101" / "door.jpg", "2026:03:02 10:21:00", shade=80)
    picture(folder / "101" / "lunch.jpg", "2026:03:02 12:30:00", shade=120)
    (folder / "101" / "copy of one.jpg").write_bytes((folder / "100" / "one.jpg").read_bytes())
    (folder / "101" / "bad.jpg").write_text("no picture", encoding="utf-8")
    (folder / "video.mp4").write_bytes(b"video")
    (folder / ".thumbnails").mkdir()
    (folder / ".thumbnails" / "t.jpg").write_bytes(b"thumb")
    return folder


def test_an_evening(store: Store, clock: Clock, tmp_path: Path) -> None:
    folder = evening(store, clock, tmp_path)
    intake = photo_intake.plan_intake(store, [folder], "anna")
    assert (len(intake.items), intake.others, [r.name for r in intake.refused]) == (4, 1, ["bad.jpg"])
    assert intake.take_all() == 3
    assert store.photos() == []
    kept = photo_intake.keep_intake(store, intake)
    receipt = photo_intake.store_intake(store, intake, kept, "anna")
    assert (receipt.visits, receipt.drafts, receipt.tray, receipt.known) == (2, 1, 1, 0)
    assert receipt.told() == "导入 4 张：走访 2，草稿 1，待分配 1。"
    assert receipt.remarks() == "不能用 1 个，不是照片 1 个。\n“bad.jpg”不是照片，或格式不受支持。"
    (made,) = store.visits()
    assert (made.photos, made.photos_to_follow) == (2, False)
    assert len(store.drafts()[0].photos) == 1
    assert store.check() == []

    again = photo_intake.plan_intake(store, [folder], "anna")
    assert (len(again.known), [i.name for i in again.items.values()]) == (3, ["lunch.jpg"])
    assert again.take_all() == 0
    before = len(store.facts())
    receipt = photo_intake.store_intake(store, again, photo_intake.keep_intake(store, again), "anna")
    assert (receipt.visits, receipt.drafts, receipt.known, receipt.tray, receipt.waiting) == (0, 0, 3, 0, 1)
    assert receipt.told() == "没有新的照片。"
    assert len(store.facts()) == before


def test_the_tray_stays_and_can_be_emptied(store: Store, clock: Clock, tmp_path: Path) -> None:
    folder = evening(store, clock, tmp_path)
    photo_intake.take_in(store, [folder], "anna")
    intake = photo_intake.plan_intake(store, [], "anna")
    (key,) = intake.items
    shop = next(o for o in intake.occasions if o.visit)
    lunch = intake.items[key].path
    assert lunch.is_file()
    intake.assign([key], Target(shop, shop.slots[0]))
    receipt = photo_intake.store_intake(store, intake, photo_intake.keep_intake(store, intake), "anna")
    assert (receipt.visits, receipt.tray) == (1, 0)
    picture(tmp_path / "more" / "dinner.jpg", "2026:03:02 19:30:00", shade=200)
    photo_intake.take_in(store, [tmp_path / "more"], "anna")
    intake = photo_intake.plan_intake(store, [], "anna")
    (key,) = intake.items
    dinner = intake.items[key].path
    intake.drop([key])
    photo_intake.store_intake(store, intake, photo_intake.keep_intake(store, intake), "anna")
    assert store.tray() == []
    assert not dinner.exists()
    assert lunch.is_file()
    assert store.check() == []


def test_a_wrong_clock_is_corrected(store: Store, clock: Clock, tmp_path: Path) -> None:
    evening(store, clock, tmp_path)
    slow = picture(tmp_path / "slow" / "a.jpg", "2026:03:02 03:42:00", shade=7)
    intake = photo_intake.plan_intake(store, [slow.parent], "anna")
    assert intake.take_all() == 0
    intake.set_offset(read_offset("+06:00:00"))
    assert intake.take_all() == 1
    photo_intake.store_intake(store, intake, photo_intake.keep_intake(store, intake), "anna")
    assert [p.taken_at for p in store.photos()] == ["2026-03-02T09:42:00"]


def test_cancelled_stores_nothing(store: Store, clock: Clock, tmp_path: Path) -> None:
    intake = photo_intake.plan_intake(store, [evening(store, clock, tmp_path)], "anna")
    intake.take_all()
    progress = Progress(lambda done, _total, _text: progress.cancel() if done == 2 else None)
    with pytest.raises(Cancelled):
        photo_intake.keep_intake(store, intake, progress)
    assert list(store.photos_folder.glob("*")) == []


def test_all_real_photos_are_taken_or_refused(store: Store, shared: Path) -> None:
    intake = photo_intake.plan_intake(store, [shared / "photos"], "anna")
    assert len(intake.items) + len(intake.refused) == len(list((shared / "photos").iterdir()))
    kept = photo_intake.keep_intake(store, intake)
    receipt = photo_intake.store_intake(store, intake, kept, "anna")
    assert receipt.waiting + len(receipt.refused) == len(list((shared / "photos").iterdir()))


def test_command_line(store: Store, clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = evening(store, clock, tmp_path)
    store.close()
    given = ["photos", str(store.path), str(folder), "--by", "示例甲", "--json"]
    assert main([*given, "--dry-run"]) == 0
    said = json.loads(capsys.readouterr().out)
    elements = sorted(p["element"] for p in said["proposals"])
    assert elements == ["wheelchair_ramp", "wheelchair_ramp"]  # the draft is another device's
    assert "stored" not in said
    assert main(given) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["stored"]["visits"] == 2
    assert [r["name"] for r in said["refused_photos"]] == ["bad.jpg"]
    assert said["others"] == 1
    assert main([*given, "--offset", "soon"]) == 1
    assert "看不懂时间差" in capsys.readouterr().err
