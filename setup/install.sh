#!/bin/sh
# Install exactly what a requirements file names, every file checked against its hash: install.sh VENV REQUIREMENTS
# uv does it in seconds; where the machine has none, a hashed uv of the environment's own is installed first.
set -eu
venv=$1
requirements=$2
here=$(dirname "$0")

if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    uv="$venv/bin/uv"
    [ -x "$uv" ] || "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes \
        --only-binary :all: -r "$here/../requirements/uv.txt"
fi
# compiled once here: else every start on a machine that may not write bytecode pays 2 s for it
exec "$uv" pip install -q --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$requirements"
