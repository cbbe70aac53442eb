#!/bin/sh
# Make the peers' own environment, then measure. Valhalla's tile builder comes in wheels for Python 3.12 and newer.
set -eu
unset PYTHONDONTWRITEBYTECODE  # all sides keep their compiled modules
cd "$(dirname "$0")/.."
peers=.venv-peers
extracts=${GEOMATCH_EXTRACTS:-../shared/data/osm}

if [ ! -f "$extracts/heidelberg.osm.pbf" ]; then
    echo "bench: no extracts in $extracts; set GEOMATCH_EXTRACTS to a folder with heidelberg.osm.pbf and beijing-core.osm.pbf" >&2
    exit 1
fi
if [ ! -f "$peers/.stamp" ] || [ requirements/peers.txt -nt "$peers/.stamp" ]; then
    python=$(setup/find_python.sh 3.12) || exit 1
    echo "bench: installing the peers"
    setup/make_venv.sh "$peers" "$python"
    setup/install.sh "$peers" requirements/peers.txt
    touch "$peers/.stamp"
fi
missed=0
.venv/bin/python benchmarks/callup.py data/haidian || missed=1  # a goal that is missed stops no other measurement
for kind in sqlite postgresql; do PYTHONPATH=. .venv/bin/python benchmarks/dispatch_latency.py data/haidian "$kind"; done
valhalla=$("$peers/bin/python" -c 'import pathlib, valhalla; print(pathlib.Path(valhalla.__file__).parent / "bin")')
.venv/bin/python benchmarks/bench.py "$peers/bin/python" "$valhalla" "$extracts" || missed=1
exit "$missed"
