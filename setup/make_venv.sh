#!/bin/sh
# Make an empty virtual environment: make_venv.sh FOLDER PYTHON
set -eu
folder=$1
python=$2

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -c '' 2>/dev/null; then
    exit 0
fi
rm -rf "$folder"
if "$python" -m venv "$folder" >/dev/null 2>&1; then
    exit 0
fi
rm -rf "$folder"
if command -v uv >/dev/null 2>&1; then
    exec uv venv -q --no-python-downloads --seed -p "$python" "$folder"
fi
echo "geomatch: $python cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2
exit 1
