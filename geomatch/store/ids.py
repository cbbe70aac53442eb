"""What rows are called."""

from __future__ import annotations

import secrets

_BYTES = 12


def fresh() -> str:
    """Make an id that nobody can guess: 24 hexadecimal digits."""
    return secrets.token_hex(_BYTES)
