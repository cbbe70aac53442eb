#!/bin/sh
# Pin every package at its newest fitting version with the hashes of its files, for every Python from 3.11 on.
set -eu
cd "$(dirname "$0")/.."

pin() {
    uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links "$@"
}

pin pyproject.toml requirements/setup.in -o requirements/run.txt
pin pyproject.toml requirements/setup.in --extra dev -c requirements/run.txt -o requirements/dev.txt
pin requirements/uv.in -o requirements/uv.txt
pin requirements/node.in -o requirements/node.txt
uv pip compile -q --upgrade --universal --python-version 3.12 --generate-hashes --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links requirements/peers.in -o requirements/peers.txt
npm update --package-lock-only --silent
