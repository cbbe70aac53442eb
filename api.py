"""The WSGI entry: `granian --interface wsgi api:app`, with the regions in GEOMATCH_REGIONS."""

from __future__ import annotations

from geomatch.config import Settings
from geomatch.web.app import create_app

app = create_app(Settings.from_env())
