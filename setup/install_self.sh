#!/bin/sh
# Install geomatch itself where it stands, with no download: its requirements are there already: install_self.sh VENV
set -eu
venv=$1
uv=uv
command -v uv >/dev/null 2>&1 || uv="$venv/bin/uv"
exec "$uv" pip install -q --offline --python "$venv/bin/python" --no-deps --no-build-isolation --no-index -e .
