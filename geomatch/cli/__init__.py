"""The top floor: the command line.

Law: parses, calls one service, prints. Exit 0 done, 1 the input is at fault (every fault on stderr, one a line), 2
wrong usage; never a traceback for bad input.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from geomatch.cli import arguments
from geomatch.errors import GeomatchError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, AT_FAULT, INTERRUPTED = 0, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status, and leaves by SystemExit(2) on wrong usage."""
    options = arguments.parser().parse_args(argv)
    try:
        options.run(options)
        sys.stdout.flush()
    except InputError as error:
        for fault in error.faults:
            print(f"geomatch: {fault}", file=sys.stderr)
        return AT_FAULT
    except GeomatchError as error:
        print(f"geomatch: {error}", file=sys.stderr)
        return AT_FAULT
    except BrokenPipeError:
        # whoever read the output has seen enough; what is still buffered must not fail again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE
