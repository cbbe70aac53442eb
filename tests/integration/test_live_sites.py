"""Sites in the store: taken in once an edition, edited live by those who may, followed by everybody who answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from geomatch.cli import main
from geomatch.config import Settings
from geomatch.errors import ChangedError, ConflictError, InputError, NotAllowedError, NotFoundError
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import live_sites
from geomatch.services.followed import Followed
from geomatch.services.region import Region
from geomatch.store.database import Database
from geomatch.volunteering.roles import Principal, Role
from geomatch.web.app import SERVED, app_for
from tests.postgres import name_of
from tests.regions import SITES, lonlat
from tests.serving import region_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.postgres import Cluster

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
CENTRE = Principal("a1", Role.CENTRE, "little")
WEST = Principal("a2", Role.OFFICE, "little", unit="西岸街道")
EAST = Principal("a3", Role.OFFICE, "little", unit="e")
STATION = Principal("a4", Role.STATION, "little", site="S1")
HERE = lonlat(3.2, 3.0)
NEW = Site("N1", "新站", SiteKind.STATION, *HERE, "O1", "西岸街道", "24/7", ("阅读", "理发"), 30)


@pytest.fixture
def region(little_region: Path) -> Region:
    """The little region as it was built."""
    return region_of(little_region)


def change(database: Database, region: Region, site: Site, version: int | None, who: Principal = CENTRE) -> Any:
    """Write a site over."""
    return live_sites.change(database.writing(), region, site, version=version, who=who, at=NOW)


def named(region: Region, site_id: str) -> Site:
    """Find a site of a region by its id."""
    return region.sites[region.site_row(site_id)]


def with_files(region: Region, sites: tuple[Site, ...]) -> Region:
    """Give the region as another edition of its files would build it."""
    ground = type(region._ground)(replace(region._ground.built, sites=sites))
    return Region(ground, sites)


def test_what_is_stored_is_found_to_the_last_bit(database: Database, region: Region) -> None:
    """Every field, the place above all."""
    added = live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    assert (added.now, added.filed, added.version) == (NEW, None, 1)
    assert live_sites.found(database.reading(), region, "N1") == added
    with database.reading() as work:
        kept = work.sites.all("little")
    assert [kept[site.id].now for site in region.sites] == list(region.sites)
    assert {row.is_edited for row in kept.values() if row.id != "N1"} == {False}


def test_an_edition_is_taken_in_once(database: Database, region: Region) -> None:
    """The second time there is nothing to do, and nobody is told of a change."""
    assert live_sites.take_in(database.writing(), region, at=NOW) == ()
    with database.reading() as work:
        newest = work.changes.newest("little", "sites")
    assert live_sites.take_in(database.writing(), region, at=NOW) is None
    with database.reading() as work:
        assert work.changes.newest("little", "sites") == newest
        assert len(work.sites.all("little")) == len(SITES)


def test_a_later_import_throws_no_live_edit_away(database: Database, region: Region) -> None:
    """Edited, closed and added sites stand; what nobody edited follows the files, field by field."""
    s1, s2, p1 = (named(region, name) for name in ("S1", "S2", "P1"))
    change(database, region, replace(s1, hours="24/7"), 1)
    change(database, region, replace(s2, name="东柳站"), 1)
    live_sites.close(database.writing(), region, "P1", version=1, who=CENTRE, at=NOW)
    live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    newer = with_files(
        region,
        tuple(
            replace(site, capacity=9, name={"S2": "东柳社区新站"}.get(site.id, site.name))
            for site in region.filed
            if site.id != "O2"
        ),
    )
    assert live_sites.take_in(database.writing(), newer, at=NOW) == ("S1", "S2", "P1")
    with database.reading() as work:
        kept = work.sites.all("little")
    assert (kept["S1"].now, kept["S1"].version) == (replace(s1, hours="24/7", capacity=9), 3)
    assert kept["S2"].now == replace(s2, name="东柳站", capacity=9)
    assert (kept["P1"].now, kept["N1"].now) == (None, NEW)
    assert "O2" not in kept
    assert kept["C1"].now == replace(named(region, "C1"), capacity=9)
    with pytest.raises(NotFoundError):
        live_sites.found(database.reading(), newer, p1.id)


def test_an_edit_undone_follows_the_files_again(database: Database, region: Region) -> None:
    """What is as the files say is not edited, and the region is the very one that was built."""
    s1 = named(region, "S1")
    change(database, region, replace(s1, name="望河站"), 1)
    followed = Followed([region], database)
    assert named(followed.regions()[0], "S1").name == "望河站"
    change(database, region, s1, 2)
    assert (followed.regions()[0].edition, followed.regions()[0].sites) == ("", region.sites)


def test_every_follower_sees_an_edit_in_its_next_answer(database: Database, database_url: str, region: Region) -> None:
    """Another process has another Database and another map of the counter; where nothing changed nothing is made."""
    theirs = Database(database_url)
    follower = Followed([region], theirs)
    assert follower.regions()[0] is region
    live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    seen = follower.regions()[0]
    assert named(seen, "N1") == NEW
    assert seen.graph is region.graph
    assert follower.regions()[0] is seen
    live_sites.close(database.writing(), region, "S1", version=1, who=CENTRE, at=NOW)
    assert [site.id for site in follower.regions()[0].sites] == ["C1", "O1", "O2", "S2", "P1", "N1"]
    with database.writing() as work:
        work.changes.put("little", "volunteers", "v1", NOW)
        work.commit()
    before = follower.regions()[0]
    assert follower.regions()[0] is before
    theirs.close()


def test_a_version_that_is_past_is_refused_and_an_id_is_never_new_again(database: Database, region: Region) -> None:
    """Also where the site was closed and added anew meanwhile."""
    live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    with pytest.raises(ConflictError):
        live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    live_sites.close(database.writing(), region, "N1", version=1, who=CENTRE, at=NOW)
    assert live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW).version == 3
    with pytest.raises(ChangedError, match="version 3"):
        change(database, region, NEW, 1)


@pytest.mark.parametrize(
    ("who", "site", "words"),
    [
        (EAST, NEW, "area"),
        (STATION, NEW, "area"),
        (WEST, replace(NEW, kind=SiteKind.OFFICE, parent="C1"), "only the centre"),
        (Principal("x", Role.OFFICE, "little"), NEW, "area"),
    ],
    ids=["another township", "a station", "an office of an office", "an office of nowhere"],
)
def test_nobody_adds_outside_their_area(
    database: Database, region: Region, who: Principal, site: Site, words: str
) -> None:
    """And nothing is stored."""
    with pytest.raises(NotAllowedError, match=words):
        live_sites.add(database.writing(), region, site, who=who, at=NOW)
    with database.reading() as work:
        assert work.sites.all("little") == {}


def test_each_changes_its_own(database: Database, region: Region) -> None:
    """An office what lies in its township, and only within it; a station its hours, services and capacity."""
    s1, s2 = named(region, "S1"), named(region, "S2")
    change(database, region, replace(s1, name="望河站"), 1, WEST)
    change(database, region, replace(s1, name="望河站", hours="24/7", capacity=7), 2, STATION)
    for who, site in (
        (WEST, replace(s2, name="x")),
        (WEST, replace(s1, lon=s2.lon, lat=s2.lat)),
        (WEST, replace(s1, kind=SiteKind.OFFICE, parent="C1")),
        (STATION, s1),
        (STATION, replace(s2, hours="24/7")),
    ):
        with pytest.raises(NotAllowedError):
            change(database, region, site, None, who)
    with pytest.raises(NotAllowedError):
        live_sites.close(database.writing(), region, "S1", version=None, who=STATION, at=NOW)
    live_sites.close(database.writing(), region, "S1", version=3, who=WEST, at=NOW)


@pytest.mark.parametrize(
    ("site", "words"),
    [
        (replace(NEW, parent="X9"), "parent"),
        (replace(NEW, parent="s1"), "did you mean S1"),
        (replace(NEW, parent="C1"), "office may stand above it"),
        (replace(NEW, lon=117.9), "outside the region"),
        (replace(NEW, lon=NEW.lat, lat=NEW.lon), "swapped"),
    ],
    ids=["no parent", "nearly a parent", "a wrong parent", "elsewhere", "swapped"],
)
def test_what_the_files_would_be_refused_for_is_refused(
    database: Database, region: Region, site: Site, words: str
) -> None:
    """By the name of the field."""
    with pytest.raises(InputError, match=words):
        live_sites.add(database.writing(), region, site, who=CENTRE, at=NOW)


def test_the_tree_stays_whole(database: Database, region: Region) -> None:
    """No site stands above itself, and none is closed while others stand below it."""
    with pytest.raises(ConflictError, match="S1"):
        live_sites.close(database.writing(), region, "O1", version=None, who=CENTRE, at=NOW)
    with pytest.raises(InputError, match="above it"):
        change(database, region, replace(named(region, "O1"), kind=SiteKind.OUTPOST, parent="S1"), 1)


def test_postgis_keeps_places_as_points_with_an_index(postgresql: Cluster, region: Region) -> None:
    """So that a district's own tools can ask by place."""
    database = Database(postgresql.fresh())
    live_sites.take_in(database.writing(), region, at=NOW)
    near = text("SELECT count(*) FROM sites WHERE ST_DWithin(place::geography, ST_SetSRID(ST_Point(:x, :y), 4326), 1)")
    s1 = named(region, "S1")
    with database.reading() as work:
        connection = work._transaction.connection
        assert connection.execute(near, {"x": s1.lon, "y": s1.lat}).scalar_one() == 1
        index = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_sites_place'"))
        assert "USING gist" in index.scalar_one()
    database.close()


@pytest.fixture
def client(little_region: Path, database_url: str) -> Iterator[FlaskClient]:
    """The app, signed in as the centre."""
    from geomatch.services import accounts

    app = app_for([region_of(little_region)], Settings(database_url=database_url))
    database = app.extensions[SERVED].database
    accounts.add(database.writing(), "centre", CENTRE, "walk-there-and-back", at=datetime.now(UTC))
    made = app.test_client()
    told = made.post("/api/v1/session", json={"name": "centre", "password": "walk-there-and-back"}).get_json()
    made.environ_base["HTTP_X_CSRF_TOKEN"] = told["csrf"]
    yield made
    database.close()


BODY = {"name": "新站", "kind": "station", "lon": HERE[0], "lat": HERE[1], "parent": "O1", "hours": "Mo-Fr 9:00–17:00"}
AT = "/api/v1/regions/little"


def test_over_http_a_site_comes_changes_and_goes_and_every_answer_follows(client: FlaskClient) -> None:
    """Nearest, coverage, the list and the map's markers; kept answers have another tag each time."""

    def tags() -> list[str]:
        paths = ("/api/v1/regions", f"{AT}/sites", f"{AT}/coverage", "/map/little/sites.geojson")
        return [str(client.get(path).headers["ETag"]) for path in paths]

    def nearest() -> str:
        answer = client.get(f"{AT}/nearest", query_string={"lon": HERE[0], "lat": HERE[1]})
        return str(answer.get_json(force=True)["features"][0]["id"])

    asked, first = {"q": "新站"}, tags()
    assert nearest() != "N1"
    covered = client.get(f"{AT}/coverage").get_json()["total"]["covered"]
    made = client.post(f"{AT}/sites", json={**BODY, "id": "N1"})
    assert (made.status_code, made.headers["ETag"], made.headers["Location"]) == (201, '"1"', f"{AT}/sites/N1")
    assert made.get_json(force=True)["properties"]["hours"] == "Mo-Fr 9:00-17:00"
    assert nearest() == "N1"
    assert client.get(f"{AT}/coverage").get_json()["total"]["covered"] > covered
    assert client.get(f"{AT}/sites", query_string=asked).get_json(force=True)["numberMatched"] == 1
    assert "新站" in client.get("/map/little/sites.geojson").text
    assert client.get("/places", query_string=asked).get_json()[0]["name"] == "新站"
    second = tags()
    assert all(one != other for one, other in zip(first, second, strict=True))

    changed = client.put(f"{AT}/sites/N1", json={**BODY, "name": "改名站"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert client.get(f"{AT}/sites/N1").get_json(force=True) == changed.get_json(force=True)
    assert client.put(f"{AT}/sites/N1", json=BODY, headers={"If-Match": '"1"'}).status_code == 412
    assert client.put(f"{AT}/sites/N1", json=BODY).status_code == 428
    assert client.delete(f"{AT}/sites/N1", headers={"If-Match": '"2"'}).status_code == 204
    assert client.get(f"{AT}/sites/N1").status_code == 404
    assert tags() == first
    assert nearest() != "N1"


def test_a_site_sent_twice_under_a_key_is_added_once(client: FlaskClient) -> None:
    """Its id is made up here, and is the same in both answers."""
    sent = [client.post(f"{AT}/sites", json=BODY, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].headers["Location"] == sent[1].headers["Location"]
    assert client.get(f"{AT}/sites").get_json(force=True)["numberMatched"] == len(SITES) + 1


AT_FAULT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"kind": "shop"}, "kind"),
    ({"hours": "always"}, "hours"),
    ({"lon": HERE[1], "lat": HERE[0]}, "lat"),
    ({"lon": 0.0, "lat": 0.0}, "lon"),
    ({"lon": 1e999}, "lon"),
    ({"capacity": -1}, "capacity"),
    ({"name": "a\0b"}, "name"),
    ({"id": "a/b"}, "id"),
    ({"id": "S1\u202e"}, "id"),
    ({"services": ["x" * 201]}, "services"),
    ({"parent": "P1"}, "parent"),
)


def test_a_body_at_fault_is_told_by_the_name_of_its_member(client: FlaskClient) -> None:
    """422 each time, never a 500; and nothing is added."""
    for change, member in AT_FAULT:
        told = client.post(f"{AT}/sites", json={**BODY, **change})
        assert told.status_code == 422, change
        assert member in {error["loc"][1] for error in told.get_json(force=True)["errors"]}, change
    assert client.post(f"{AT}/sites", json={**BODY, "id": "S1"}).status_code == 409
    assert client.get(f"{AT}/sites").get_json(force=True)["numberMatched"] == len(SITES)


def test_the_command_line_answers_by_the_sites_as_edited(
    database: Database, database_url: str, region: Region, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """It says so; where nothing was edited it says nothing, and opens no database at all."""
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", database_url)
    asked = ["nearest", str(region.folder), *map(str, HERE)]
    live_sites.take_in(database.writing(), region, at=NOW)
    assert main(asked) == 0
    assert "live" not in capsys.readouterr().err
    live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    assert main(asked) == 0
    told = capsys.readouterr()
    assert "新站" in told.out
    assert "edited live" in told.err


def test_a_file_that_holds_the_id_of_a_site_added_live_changes_nothing(database: Database, region: Region) -> None:
    """The live one stands, and the import tells it."""
    live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    newer = with_files(region, (*region.filed, replace(NEW, name="文件里的站")))
    live_sites.take_in(database.writing(), newer, at=NOW)
    assert live_sites.found(database.reading(), newer, "N1").now == NEW
    assert named(Followed([newer], database).regions()[0], "N1") == NEW


def test_postgis_is_made_where_it_may_be_and_asked_for_where_not(postgresql: Cluster) -> None:
    """A superuser's database gets it with the steps; another user is told what has to be run, and nothing is made."""
    own = Database(postgresql.fresh("template0"))
    own.prepare()
    own.close()
    url = postgresql.fresh("template0")
    name = name_of(url)
    postgresql.do(f"CREATE USER office_{name}")
    postgresql.do(f"ALTER DATABASE {name} OWNER TO office_{name}")
    theirs = Database(url.replace("postgres@", f"office_{name}@"))
    with pytest.raises(OSError, match="CREATE EXTENSION postgis"):
        theirs.prepare()
    postgresql.do("CREATE EXTENSION postgis", name)
    theirs.prepare()
    theirs.close()
