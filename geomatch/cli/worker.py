"""What each worker of `geomatch serve` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.config import Settings
from geomatch.web.app import create_app

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def app() -> WSGIApplication:
    """Make the web application of the regions named in the environment."""
    return create_app(Settings.from_env())
