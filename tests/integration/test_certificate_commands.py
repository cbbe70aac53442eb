"""From the hours in the store to a signed PDF, and back with no database and no network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.cli import main
from geomatch.services import certificates
from geomatch.services import hours as hour_service
from geomatch.services.hours import Service
from geomatch.store.database import Database
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.roles import Role
from geomatch.web.app import SERVED
from tests.serving import region_of
from tests.serving_people import account, add_volunteers, signed_in, volunteer

if TYPE_CHECKING:
    from pathlib import Path

ONE = replace(volunteer(1), name="王小明")


@pytest.fixture
def region(little_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A region with a volunteer who served 12 hours a day for nine days, and another who did not."""
    url, now = f"sqlite:///{tmp_path / 'hours.db'}", datetime.now(UTC)
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", url)
    monkeypatch.setenv("GEOMATCH_KEYS", str(tmp_path / "keys"))
    database, name = Database(url), region_of(little_region).spec.id
    add_volunteers(database, name, ONE, volunteer(2))
    with database.writing() as work:
        for number in range(1, 10):
            start = now - timedelta(days=number)
            end, cause = start + timedelta(hours=12), f"order:{number}"
            given = Service(name, ONE.id, cause, start, end, Evidence.CODE, "a", "b")
            hour_service.enter(work, given, at=now)
        work.commit()
    database.close()
    return little_region


def test_a_certificate_is_written_and_verified(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key is printed, the PDF says hours and stars, checking it opens no database; one changed byte shows."""
    paper, key = tmp_path / "paper.pdf", tmp_path / "key.txt"
    assert main(["hours", "key", str(region)]) == 0
    key.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["hours", "certificate", str(region), ONE.id, "-o", str(paper)]) == 0
    assert "108 hours, 1 stars" in capsys.readouterr().out
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert main(["hours", "check", str(paper), "--key", str(key)]) == 0
    assert "王小明  108 小时" in capsys.readouterr().out
    data = bytearray(paper.read_bytes())
    data[len(data) // 2] ^= 1
    paper.write_bytes(data)
    assert main(["hours", "check", str(paper), "--key", str(key)]) == 1
    assert "was changed after it was signed" in capsys.readouterr().err


def test_what_cannot_be_certified_or_checked_is_told(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No hours, nobody of that id, no file, no key."""
    paper = str(tmp_path / "paper.pdf")
    for volunteer_id, told in ((volunteer(2).id, "has no hours that count"), ("x", "there is no volunteer 'x'")):
        assert main(["hours", "certificate", str(region), volunteer_id, "-o", paper]) == 1
        assert told in capsys.readouterr().err
    for key, told in (("a" * 64, "cannot be read"), ("short", "holds no key"), ("nul\0", "holds no key")):
        assert main(["hours", "check", paper, "--key", key]) == 1
        assert told in capsys.readouterr().err


def test_a_volunteer_takes_the_own_certificate_over_http(region: Path, tmp_path: Path) -> None:
    """Signed by the key that the service tells everybody, and of nobody else."""
    url, name = f"sqlite:///{tmp_path / 'hours.db'}", region_of(region).spec.id
    database = Database(url)
    account(database, name, "helper", Role.VOLUNTEER, volunteer=ONE.id)
    account(database, name, "idle", Role.VOLUNTEER, volunteer=volunteer(2).id)
    database.close()
    helper, idle = (signed_in(region, url, each) for each in ("helper", "idle"))
    at = f"/api/v1/regions/{name}/hours"
    key = helper.application.test_client().get(f"{at}/key").get_json()
    answer = helper.get(f"{at}/certificate")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    told = certificates.check(answer.data, bytes.fromhex(key["key"]), "answer")
    assert (told.volunteer, told.minutes, told.stars) == (ONE.id, 9 * 12 * 60, 1)
    assert idle.get(f"{at}/certificate").status_code == 422
    helper.application.extensions[SERVED].database.close()
