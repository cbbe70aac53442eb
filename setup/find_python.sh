#!/bin/sh
# Print a Python that geomatch runs on (3.11 to 3.14, with venv), or say plainly that there is none.
set -u

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

for candidate in ${PYTHON:+"$PYTHON"} python3 python3.11 python3.12 python3.13 python3.14 python; do
    if fits "$candidate"; then
        command -v "$candidate"
        exit 0
    fi
done
if command -v uv >/dev/null 2>&1; then
    found=$(uv python find --no-python-downloads --no-project '>=3.11,<3.15' 2>/dev/null) && fits "$found" && {
        echo "$found"
        exit 0
    }
fi
cat >&2 <<'END'
geomatch needs Python 3.11 or newer, and this machine has none on its PATH.
  Debian 12 or Ubuntu 24.04:  apt-get install python3 python3-venv
  another place:              make setup PYTHON=/path/to/python3.12
END
exit 1
