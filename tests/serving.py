"""The app over a built region, as tests ask it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geomatch.config import Settings
from geomatch.services.region import open_region
from geomatch.web.app import SERVED, app_for
from tests.sharing import worker

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from geomatch.services.region import Region

FEW_POINTS = 500
"""What the app of the tests takes in one lookup."""


@lru_cache(maxsize=4)
def region_of(folder: Path) -> Region:
    """Open a built region once."""
    return open_region(folder)


@lru_cache(maxsize=8)
def app_of(folder: Path, database_url: str | None = None) -> Flask:
    """Make the app of one region once for each database."""
    url = database_url or f"sqlite:///{folder.parent / f'scenarios-{worker()}.db'}"
    return app_for([region_of(folder)], Settings(max_points=FEW_POINTS, database_url=url, writes_a_minute=0))


class Asking:
    """Asks the app and reads what comes back."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.region = region_of(folder)
        self.client = app_of(folder, database_url).test_client()
        self.at = f"/api/v1/regions/{self.region.spec.id}"

    def close(self) -> None:
        """Let go of the database's connections."""
        self.client.application.extensions[SERVED].database.close()

    def get(self, path: str, **query: Any) -> TestResponse:
        """GET a path of the region, or one from the root where it starts with a slash."""
        return self.client.get(path if path.startswith("/") else f"{self.at}/{path}", query_string=query)

    def answer(self, path: str, **query: Any) -> Any:
        """GET and read a 200."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        return response.get_json(force=True)

    def lookup(self, **body: Any) -> Any:
        """POST a lookup and read a 200."""
        response = self.client.post(f"{self.at}/lookup", json=body)
        assert response.status_code == 200, response.text
        return response.get_json()

    def problem(self, response: TestResponse, status: int) -> Any:
        """Read a problem, whole and of the status expected."""
        assert response.status_code == status, response.text
        assert response.content_type == "application/problem+json"
        told = response.get_json(force=True)
        assert {"type", "title", "status", "detail", "instance"} <= told.keys()
        assert told["status"] == status
        return told

    def refused(self, path: str, **query: Any) -> dict[str, str]:
        """GET, expect a 422, and give its messages by the name of the parameter."""
        told = self.problem(self.get(path, **query), 422)
        return {".".join(str(part) for part in error["loc"]): error["msg"] for error in told["errors"]}
