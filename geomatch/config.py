"""Settings, read once from the environment and frozen."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


def own_database(environ: Mapping[str, str]) -> str:
    """Give the URL of the database of a user who names none.

    It lies outside every checkout and region, so that no rebuild, clean-up or fresh checkout touches it:
    $XDG_DATA_HOME/geomatch/geomatch.db, or ~/.local/share/geomatch/geomatch.db.
    """
    return f"sqlite:///{_own_folder(environ) / 'geomatch.db'}"


def own_identity_key(environ: Mapping[str, str]) -> Path:
    """Give the file of the secret by which identities are told apart, which is never in the database."""
    named = environ.get("GEOMATCH_IDENTITY_KEY_FILE")
    return Path(named) if named else _own_folder(environ) / "identity.key"


def keys_folder(environ: Mapping[str, str]) -> Path:
    """Give the folder of the keys that districts sign with: GEOMATCH_KEYS, or `keys` beside the database of a user.

    Never in the database, so that whoever has a copy of that cannot sign.
    """
    given = environ.get("GEOMATCH_KEYS")
    return Path(given) if given else _own_folder(environ) / "keys"


def _own_folder(environ: Mapping[str, str]) -> Path:
    given = Path(environ.get("XDG_DATA_HOME", ""))  # by its rules a path that is not absolute does not count
    folder = given if given.is_absolute() else Path(environ.get("HOME") or "~").expanduser() / ".local" / "share"
    return folder / "geomatch"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a running service needs to know.

    Attributes:
        regions: folders of the regions served, in the order shown.
        warm: load every kernel before the first request.
        max_points: most points of one lookup.
        database_url: where scenarios are kept, sqlite or postgresql.
        notice_hosts: hosts and networks to which notices may go out; none where empty.
        keys_folder: where the keys are that districts sign with.
        writes_a_minute: what one account may change in a minute, and at once; 0 for no such limit.
        proxies: how many proxies of ours stand before the service, each of which notes whose request it passes on.
        identity_key: file of the secret by which identities are told apart; the same on every machine of a service.
    """

    regions: tuple[Path, ...] = ()
    warm: bool = True
    max_points: int = 100_000
    database_url: str = field(default_factory=lambda: own_database(os.environ))
    notice_hosts: tuple[str, ...] = ()
    keys_folder: Path = field(default_factory=lambda: keys_folder(os.environ))
    writes_a_minute: int = 600
    proxies: int = 0
    identity_key: Path = field(default_factory=lambda: own_identity_key(os.environ))

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read GEOMATCH_REGIONS (split by os.pathsep), _WARM (1 or 0), and the others by their names here.

        GEOMATCH_MAX_POINTS, _DATABASE_URL, _NOTICE_HOSTS, _WRITES_A_MINUTE, _PROXIES, _IDENTITY_KEY_FILE.
        """
        env = os.environ if environ is None else environ
        folders = tuple(Path(part) for part in env.get("GEOMATCH_REGIONS", "").split(os.pathsep) if part)
        warm = env.get("GEOMATCH_WARM", "1")
        if warm not in {"0", "1"}:
            raise InputError.of("GEOMATCH_WARM", "must be 0 or 1", value=warm)
        return cls(
            regions=folders,
            warm=warm == "1",
            max_points=_whole(env, "GEOMATCH_MAX_POINTS", "100000", least=1),
            writes_a_minute=_whole(env, "GEOMATCH_WRITES_A_MINUTE", "600", least=0),
            proxies=_whole(env, "GEOMATCH_PROXIES", "0", least=0),
            database_url=env.get("GEOMATCH_DATABASE_URL") or own_database(env),
            keys_folder=keys_folder(env),
            notice_hosts=tuple(filter(None, env.get("GEOMATCH_NOTICE_HOSTS", "").replace(" ", "").split(","))),
            identity_key=own_identity_key(env),
        )


def _whole(env: Mapping[str, str], name: str, usual: str, *, least: int) -> int:
    text = env.get(name, usual)
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS or int(text) < least:
        raise InputError.of(name, f"must be a whole number of at least {least}", value=text)
    return int(text)


_DIGITS = 9
