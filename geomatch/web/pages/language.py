"""Language and size of a page: Chinese first; English and the elder version by switches that are remembered."""

from __future__ import annotations

import io
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from babel.messages import mofile, pofile
from babel.support import Translations
from flask import has_request_context, request
from flask_babel import Babel, Domain, gettext

if TYPE_CHECKING:
    from flask import Flask, Response

LANGUAGES = ("zh", "en")
_CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
_A_YEAR_S = 365 * 24 * 3600


class _PlainDomain(Domain):  # type: ignore[misc] # flask_babel carries no types
    """Reads the .po files themselves, so that a checkout speaks English before anything was compiled."""

    def get_translations(self) -> Translations:
        """Give the words of this request's language."""
        return _catalogue(language())


class _Babel(Babel):  # type: ignore[misc] # flask_babel carries no types
    """Knows the domain by itself: set by a hook, it would cost every call of the API its share."""

    @cached_property
    def domain_instance(self) -> Domain:
        """Where the words come from."""
        return _PlainDomain()


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(name: str) -> Translations:
    path = _CATALOGUES / name / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Translations()
    with path.open("rb") as file:
        catalogue = pofile.read_po(file, locale=name)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(fp=compiled)


def words(text: str, **values: object) -> str:
    """Give a Chinese text in the reader's language, values filled in."""
    return str(gettext(text, **values))


def language() -> str:
    """Give the language asked for by ?lang=, else by the cookie, else Chinese."""
    return _choice("lang", LANGUAGES)


def is_elder() -> bool:
    """Tell whether the elder version is wanted: ?elder=1, else the cookie."""
    return _choice("elder", ("0", "1")) == "1"


def _choice(name: str, known: tuple[str, ...]) -> str:
    if not has_request_context():
        return known[0]
    wanted = request.args.get(name) or request.cookies.get(name)
    return wanted if wanted in known else known[0]


def address_with(**changes: str) -> str:
    """Give the address of this page with some parameters changed."""
    return f"{request.path}?{urlencode(request.args.to_dict(flat=True) | changes)}"


def remember(response: Response) -> Response:
    """Keep a choice that came in the address."""
    for name, known in (("lang", LANGUAGES), ("elder", ("0", "1"))):
        if request.args.get(name) in known:
            response.set_cookie(name, request.args[name], max_age=_A_YEAR_S, samesite="Lax", httponly=True)
    return response


def init_app(app: Flask) -> None:
    """Give the app's templates their words."""
    _Babel(app, default_locale="zh", locale_selector=language)
