"""Print the configuration that the tiles are built and served with: valhalla_config.py FOLDER PORT."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import side_valhalla

made = side_valhalla.config(Path(sys.argv[1]))
made["httpd"]["service"]["listen"] = f"tcp://127.0.0.1:{sys.argv[2]}"
print(json.dumps(made))
