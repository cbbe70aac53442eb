"""JSON as databases keep it."""

from __future__ import annotations

import json
from typing import Any

import orjson


def read(text: str | bytes) -> Any:
    """Read JSON in a third of the time that Python's own reader takes, which knows a few more figures and signs."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)
