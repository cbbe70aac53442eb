"""`python -m geomatch` is the command line."""

import sys

from geomatch.cli import main

if __name__ == "__main__":
    sys.exit(main())
