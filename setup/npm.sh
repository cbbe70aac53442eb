#!/bin/sh
# Fetch the browser assets that package-lock.json pins: npm.sh VENV
# The machine's npm does it; where there is none, one from PyPI is installed into the environment.
set -eu
venv=$1
here=$(cd "$(dirname "$0")" && pwd)

if ! npm --version >/dev/null 2>&1; then
    [ -x "$venv/bin/npm" ] || "$here/install.sh" "$venv" "$here/../requirements/node.txt"
    PATH="$(cd "$venv/bin" && pwd):$PATH"
    export PATH
fi
npm ci --silent --no-audit --no-fund </dev/null
