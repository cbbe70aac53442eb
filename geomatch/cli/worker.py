"""What each worker of `geomatch serve` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.config import Settings
from geomatch.web.app import create_app

if TYPE_CHECKING:
    from flask import Flask


def app() -> Flask:
    """Make the web application of the regions named in the environment."""
    return create_app(Settings.from_env())
