"""Copy the browser assets named in assets.toml from node_modules to where the pages find them."""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "geomatch" / "web" / "static" / "vendor"


def copy_package(package: str, files: list[str], folders: list[str]) -> int:
    """Copy one package's files, flat, and its folders by their own names; say how many bytes."""
    target = TARGET / package
    target.mkdir(parents=True, exist_ok=True)
    for name in files:
        shutil.copyfile(SOURCE / package / name, target / Path(name).name)
    for name in folders:
        shutil.copytree(SOURCE / package / name, target / Path(name).name, dirs_exist_ok=True)
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


def main() -> int:
    """Copy every package afresh, so that nothing of an older version stays behind."""
    wanted = tomllib.loads((ROOT / "setup" / "assets.toml").read_text(encoding="utf-8"))
    shutil.rmtree(TARGET, ignore_errors=True)
    try:
        size = sum(copy_package(name, entry["files"], entry.get("folders", [])) for name, entry in wanted.items())
    except FileNotFoundError as error:
        sys.stderr.write(f"setup: {error.filename} is missing; run `npm ci` again\n")
        return 1
    sys.stdout.write(f"setup: {len(wanted)} browser packages, {size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
