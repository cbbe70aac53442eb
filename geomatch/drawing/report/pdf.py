"""The PDF of a report's document, by WeasyPrint: no network, no clock, and no page without its Chinese words."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import threading
import warnings
from typing import TYPE_CHECKING, Any

from geomatch.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_FONTS = "fonts-noto-cjk"
_AT_WORK = threading.Lock()
"""One at a time: a document takes a core for seconds, and what stands in for the clock is the process's."""
_FIRST_CJK = 0x2E80


def render(document: str, *, number: str, made: datetime) -> bytes:
    """Lay out an HTML document that needs nothing beside it.

    Args:
        document: the HTML, whose head names its dates.
        number: hexadecimal digits by which the file names itself.
        made: the moment that fonts inside the file take for now.

    Raises:
        MissingPartError: Pango or a font with Chinese letters is missing.
    """
    weasyprint = _opened()
    with _AT_WORK, _clock_at(made), _missing_letters() as missing:
        page = weasyprint.HTML(string=document, url_fetcher=_refused, media_type="print")
        drawn: bytes = page.write_pdf(pdf_identifier=bytes.fromhex(number), full_fonts=False)
    if missing:
        shown = "".join(sorted(missing)[:8])
        raise MissingPartError(
            f"a PDF needs a font with Chinese letters (none has {shown}); install: {_FONTS}{_INSTEAD}"
        )
    return drawn


_INSTEAD = "; .html and .xlsx need neither"


def _opened() -> Any:
    """Open WeasyPrint, which takes Pango from the system and prints its own advice where it finds none."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of a machine without HarfBuzz-Subset
            import weasyprint  # noqa: PLC0415 - only whoever asks for a PDF needs Pango
    except OSError as error:
        raise MissingPartError(f"a PDF needs Pango ({error}); install: {_LIBRARIES} {_FONTS}{_INSTEAD}") from error
    return weasyprint


def _refused(url: str, *_: object, **__: object) -> dict[str, Any]:
    raise ValueError(f"a report carries everything itself and asks nobody: {url}")


@contextlib.contextmanager
def _clock_at(moment: datetime) -> Iterator[None]:
    """Let fontTools, which subsets fonts where HarfBuzz cannot, take a moment for now."""
    name = "SOURCE_DATE_EPOCH"
    before = os.environ.get(name)
    os.environ[name] = str(int(moment.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextlib.contextmanager
def _missing_letters() -> Iterator[set[str]]:
    """Collect the Chinese letters for which WeasyPrint says that no font has them."""
    log, listener = logging.getLogger("weasyprint"), _Listener()
    log.addHandler(listener)
    try:
        yield listener.missing
    finally:
        log.removeHandler(listener)


class _Listener(logging.Handler):
    """Hears which letters were drawn as empty boxes."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.missing: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the letter of a line about a missing glyph."""
        if str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            letter = str(record.args[0])
            if ord(letter) >= _FIRST_CJK:
                self.missing.add(letter)
