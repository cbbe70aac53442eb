"""What a person and a program see where something is not there."""

from __future__ import annotations

import pytest

from geomatch.config import Settings
from geomatch.services.region import open_region
from geomatch.web.app import app_for


@pytest.fixture(scope="module")
def client(little_region):
    """A client of the app over one little region."""
    return app_for([open_region(little_region)], Settings(regions=())).test_client()


@pytest.mark.parametrize("address", ["/nowhere", "/map/nowhere"])
def test_a_person_gets_a_page_with_a_way_back(client, address):
    """A browser that asks for what is not there gets Chinese words and a link home, with the true status."""
    answer = client.get(address, headers={"Accept": "text/html,application/xhtml+xml"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "没有这一页" in answer.text
    assert 'href="/"' in answer.text


def test_a_page_of_trouble_speaks_english_and_escapes(client):
    """The English switch holds there too, and an address with markup does not become markup."""
    answer = client.get("/<img src=x onerror=1>?lang=en", headers={"Accept": "text/html"})
    assert "There is no such page" in answer.text
    assert "<img" not in answer.text


def test_a_program_gets_a_problem(client):
    """Without a wish for HTML, and everywhere under /api, the answer stays problem+json."""
    assert client.get("/nowhere").mimetype == "application/problem+json"
    assert client.get("/api/v1/nowhere", headers={"Accept": "text/html"}).mimetype == "application/problem+json"
