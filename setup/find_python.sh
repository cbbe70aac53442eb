#!/bin/sh
# Print a Python that geomatch runs on, or say plainly that there is none: find_python.sh [OLDEST, such as 3.12]
set -u
oldest=${1:-3.11}

fits() {
    "$1" -c "
import sys
sys.exit(not (tuple(map(int, '$oldest'.split('.'))) <= sys.version_info[:2] <= (3, 14)))" >/dev/null 2>&1
}

for candidate in ${PYTHON:+"$PYTHON"} python3 python3.11 python3.12 python3.13 python3.14 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[1-4]*/bin/python3; do
    if fits "$candidate"; then
        "$candidate" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done
if command -v uv >/dev/null 2>&1; then
    found=$(uv python find --no-python-downloads --no-project ">=$oldest,<3.15" 2>/dev/null) && fits "$found" && {
        echo "$found"
        exit 0
    }
fi
cat >&2 <<END
geomatch: this needs Python $oldest or newer (up to 3.14), and this machine has none that was found.
  Debian or Ubuntu:  apt-get install python3 python3-venv
  another place:     make PYTHON=/path/to/python ...
END
exit 1
