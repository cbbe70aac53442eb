from __future__ import annotations

import bz2
import gzip
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from geomatch.errors import InputError
from geomatch.network import osm, scenery

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """<?xml version="1.0"?><osm version="0.6">
<node id="1" version="1" lat="39.9" lon="116.3"/><node id="2" version="1" lat="39.91" lon="116.3"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="footway"/></way></osm>"""


def outcome(path: Path) -> str:
    """Read a file: what it gave, or the text of its fault, which must name the file."""
    try:
        osm.read(path)
        scenery.read(path)
    except InputError as error:
        text = str(error)
    else:
        text = "read"
    assert text == "read" or (str(path) in text and "\n" not in text)
    return text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.osm.pbf", b"", "is empty"),
        ("empty.osm", b"", "is empty"),
        ("text.osm", b"hello", "cannot be read as OpenStreetMap data"),
        ("page.osm", b"<html><body>404</body></html>", "cannot be read as OpenStreetMap data"),
        ("page.osm.pbf", b"<html><body>404</body></html>", "cannot be read as OpenStreetMap data"),
        ("text.osm.gz", b"hello", "cannot be read as OpenStreetMap data"),
        ("text.osm.bz2", b"hello", "cannot be read as OpenStreetMap data"),
        ("streets.geojson", b"{}", "must end in .osm.pbf"),
        ("streets.zip", b"PK", "must end in .osm.pbf"),
        ("bare.osm", b'<osm version="0.6"/>', "holds no street or path"),
        ("cut.osm", SMALL[:-30].encode(), "cannot be read as OpenStreetMap data"),
        ("nan.osm", SMALL.replace("116.3", "NaN").encode(), "cannot be read as OpenStreetMap data"),
        ("far.osm", SMALL.replace("116.3", "190.3").encode(), "none with two nodes in the file"),
        ("zero.osm", SMALL.replace("116.3", "0").replace("39.91", "0").replace("39.9", "0").encode(), "none with two"),
        ("same.osm", SMALL.replace("39.91", "39.9").encode(), "none with two nodes in the file and apart"),
        ("ids.osm", SMALL.replace('id="1"', f'id="{10**30}"').encode(), "cannot be read as OpenStreetMap data"),
        ("words.osm", SMALL.replace('id="1"', 'id="one"').encode(), "cannot be read as OpenStreetMap data"),
    ],
)
def test_a_file_that_is_no_extract_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    """Each kind of bad file gives one sentence that names the file."""
    path = tmp_path / name
    path.write_bytes(content)
    assert reason in outcome(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing extract is named."""
    assert "there is no such file" in outcome(tmp_path / "absent.osm.pbf")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder that is called like an extract is none."""
    (tmp_path / "folder.osm").mkdir()
    assert "there is no such file" in outcome(tmp_path / "folder.osm")


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2"])
def test_every_ending_is_read(tmp_path: Path, ending: str) -> None:
    """Plain and packed XML give the same street."""
    pack = {".osm": bytes, ".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}[ending]
    path = tmp_path / f"small{ending}"
    path.write_bytes(pack(SMALL.encode()))
    segments, _ = osm.read(path)
    assert segments.coord_lat.tolist() == [39.9, 39.91]


@pytest.mark.parametrize("ending", [".osm.gz", ".osm.bz2"])
def test_packed_files_cut_short_are_refused(tmp_path: Path, ending: str) -> None:
    """A download that broke off in the middle is told from a whole file."""
    noisy = SMALL.replace(
        "</osm>", "".join(f'<node id="{n}" version="1" lat="{n / 7:.7f}" lon="1"/>' for n in range(9, 600))
    )
    packed = {".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}[ending](f"{noisy}</osm>".encode())
    path = tmp_path / f"small{ending}"
    path.write_bytes(packed[: len(packed) // 2])
    assert "cannot be read as OpenStreetMap data" in outcome(path)


def test_an_extract_cut_short_anywhere_is_read_or_refused(helsinki_pbf: Path, tmp_path: Path) -> None:
    """At 40 lengths a truncated extract gives a fault that names it; one that ends between blocks may be readable."""
    whole = helsinki_pbf.read_bytes()
    chosen = random.Random(7)  # noqa: S311 - a seeded choice of lengths
    path = tmp_path / "cut.osm.pbf"
    told = []
    for length in [1, 3, 4, 5, 50, len(whole) - 1, *(chosen.randrange(len(whole)) for _ in range(34))]:
        path.write_bytes(whole[:length])
        told.append(outcome(path))
    assert sum("cannot be read" in text for text in told) >= 35


def test_an_extract_with_flipped_bytes_is_read_or_refused(helsinki_pbf: Path, tmp_path: Path) -> None:
    """Damage anywhere in the file never leads past a fault that names it."""
    whole = helsinki_pbf.read_bytes()
    chosen = random.Random(8)  # noqa: S311 - a seeded choice of bytes
    path = tmp_path / "hurt.osm.pbf"
    for _ in range(30):
        hurt = bytearray(whole)
        for _ in range(chosen.choice([1, 5, 50])):
            hurt[chosen.randrange(len(hurt))] ^= 1 << chosen.randrange(8)
        path.write_bytes(hurt)
        outcome(path)


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"])
def test_random_bytes_are_refused(tmp_path: Path, ending: str) -> None:
    """Noise under any ending is refused."""
    chosen = random.Random(9)  # noqa: S311 - seeded noise
    path = tmp_path / f"noise{ending}"
    for size in (1, 4, 17, 500, 70_000):
        path.write_bytes(chosen.randbytes(size))
        assert "cannot be read" in outcome(path)


def test_huge_ids_take_no_huge_memory(tmp_path: Path) -> None:
    """An id near 2**62 costs a place in a list, not a table up to it."""
    text = SMALL.replace('id="2"', f'id="{2**62}"').replace('ref="2"', f'ref="{2**62}"')
    path = tmp_path / "huge.osm"
    path.write_text(text, encoding="utf-8")
    script = (
        "import re, sys; from pathlib import Path; from geomatch.network import osm; osm.read(Path(sys.argv[1])); "
        "print(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    # VmHWM is this program's own peak; ru_maxrss would be that of the test process which it was forked from
    assert int(done.stdout) < 400_000  # kilobytes; most of it is the libraries
