#!/bin/sh
# Compile the kernels that the bundled region's questions use, once, before tests run side by side: warm.sh BIN
set -u  # only a courtesy: what fails here, the tests will tell
bin=$1
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

"$bin/geomatch" nearest data/haidian 116.31 39.98 -k 5 >/dev/null 2>&1
"$bin/geomatch" coverage data/haidian >/dev/null 2>&1
"$bin/geomatch" gaps data/haidian -o "$made/gaps.geojson" >/dev/null 2>&1
"$bin/geomatch" circles data/haidian -o "$made/circles.geojson" >/dev/null 2>&1
