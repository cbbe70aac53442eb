"""The top floor: the command line.

Law: parses, calls one service, prints. Exit 0 done, 1 the input is at fault (every fault on stderr, one a line), 2
wrong usage; never a traceback for bad input.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from geomatch.errors import GeomatchError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, AT_FAULT, INTERRUPTED = 0, 1, 130
OBJECTS_BETWEEN_SEARCHES = 250_000
"""The libraries make hundreds of thousands of objects that stay; to search them for rings as often as Python does by
itself, every 700 objects, takes a tenth of a short command, and every 50,000 still a fifteenth of a build."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status, and leaves by SystemExit(2) on wrong usage."""
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    atexit.register(gc.freeze)  # else Python searches all of them twice more before it ends: a fifth of a short command
    from geomatch.cli import arguments  # noqa: PLC0415 - opens the libraries

    words = sys.argv[1:] if argv is None else list(argv)
    options = arguments.parser(words[0] if words else None).parse_args(words)
    try:
        options.run(options)
        if sys.stdout is not None:  # closed by the caller: then print says nothing
            sys.stdout.flush()
    except InputError as error:
        for fault in error.faults:
            print(f"geomatch: {fault}", file=sys.stderr)
        return AT_FAULT
    except GeomatchError as error:
        print(f"geomatch: {error}", file=sys.stderr)
        return AT_FAULT
    except BrokenPipeError:
        _hush()  # whoever read the output has seen enough
    except UnicodeEncodeError as error:
        reason = f"cannot be written in {error.encoding}; set PYTHONIOENCODING=utf-8, or rename the file"
        print(f"geomatch: {error.object[error.start : error.end]!a} {reason}", file=sys.stderr)
        return AT_FAULT
    except OSError as error:  # a full disk, a medium pulled out: what a room does not foresee
        _hush()
        where = f"{error.filename}: " if error.filename else "cannot write the output: "
        print(f"geomatch: {where}{error.strerror or error}", file=sys.stderr)
        return AT_FAULT
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE


def _hush() -> None:
    """Send stdout nowhere, so that what is still buffered does not fail again at exit."""
    with suppress(OSError, ValueError, AttributeError):  # closed, or no file at all
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
