"""A certificate verifies as it was made, and in no other way; a key is its owner's alone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.drawing import certificate
from geomatch.errors import InputError
from geomatch.services import certificates as certificate_service
from geomatch.services import signing
from geomatch.volunteering import certificates
from geomatch.volunteering.certificates import Statement

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.services.signing import Signer

PDF = b"%PDF-1.7\n1 0 obj\n(428)\nendobj\nxref\ntrailer\nstartxref\n35\n%%EOF\n"
TOLD = Statement(
    "little", "小区", "0" * 24, "王小明 <b>", 25_680, 2, 59, "2026-10-01", "2026-11-28", "A 8280, C 17400", 59,
    "a" * 64, "2026-11-29", synthetic=False,
)  # fmt: skip


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """A district's key."""
    return signing.signer(tmp_path_factory.mktemp("keys"), "little")


@pytest.fixture(scope="module")
def made(signer: Signer) -> bytes:
    """A certificate around a few bytes that stand for a PDF."""
    return certificates.sealed(PDF, TOLD, signer.public, signer.sign)


def test_a_certificate_says_what_was_signed(signer: Signer, made: bytes) -> None:
    """With the key that the district publishes; it still begins and ends as a PDF does."""
    assert certificate_service.check(made, signer.public, "c.pdf") == TOLD
    assert made.startswith(PDF)
    assert made.endswith(b"startxref\n35\n%%EOF\n")


@given(at=st.integers(0, 1500), bit=st.integers(0, 7))
def test_any_bit_that_is_changed_shows(signer: Signer, made: bytes, at: int, bit: int) -> None:
    """Wherever it is: in the page, the statement, the key, the signature, or the last lines."""
    spoilt = bytearray(made)
    spoilt[at % len(made)] ^= 1 << bit
    with pytest.raises(InputError):
        certificate_service.check(bytes(spoilt), signer.public, "c.pdf")


@given(st.binary(min_size=1, max_size=40))
def test_nothing_is_put_before_or_after(signer: Signer, made: bytes, more: bytes) -> None:
    """Such as another page, which readers would show instead."""
    for spoilt in (made + more, more + made, made + PDF, made[: -len(more)]):
        with pytest.raises(InputError):
            certificate_service.check(spoilt, signer.public, "c.pdf")


def test_whoever_has_another_key_signs_for_nobody(signer: Signer, tmp_path: Path) -> None:
    """A forger's own key, and the district's key named above a forger's signature."""
    forger = signing.signer(tmp_path, "little")
    with pytest.raises(InputError, match="another key"):
        certificate_service.check(certificates.sealed(PDF, TOLD, forger.public, forger.sign), signer.public, "c.pdf")
    with pytest.raises(InputError, match="was changed"):
        certificate_service.check(certificates.sealed(PDF, TOLD, signer.public, forger.sign), signer.public, "c.pdf")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", PDF, b"\0" * 1000], ids=["nothing", "head", "pdf", "zeros"])
def test_what_is_no_certificate_is_told_so(signer: Signer, data: bytes) -> None:
    """As one sentence."""
    with pytest.raises(InputError, match="is no certificate"):
        certificate_service.check(data, signer.public, "c.pdf")


def test_a_statement_that_is_none_is_refused_even_signed(signer: Signer) -> None:
    """Whatever stands there is not taken for figures."""
    other = certificates.sealed(PDF, TOLD, signer.public, signer.sign)
    said = other.split(b"statement ")[1].split(b"\n")[0]
    with pytest.raises(InputError, match="says nothing"):
        certificate_service.check(other.replace(said, b"e30="), signer.public, "c.pdf")


def test_the_key_is_made_once_and_stays_its_owners(tmp_path: Path) -> None:
    """Of many who make it at once all have the same; a file that others may read is refused."""
    start = threading.Barrier(6)

    def make(_: int) -> bytes:
        start.wait()
        return signing.signer(tmp_path / "keys", "little").public

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(make, range(6)))) == 1
    path = tmp_path / "keys" / "little.ed25519"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    path.chmod(0o640)
    with pytest.raises(InputError, match="chmod 600"):
        signing.signer(tmp_path / "keys", "little")
    path.chmod(0o600)
    path.write_text("no key " * 9, encoding="ascii")
    with pytest.raises(InputError, match="holds no key"):
        signing.signer(tmp_path / "keys", "little")
    with pytest.raises(InputError, match="64 hexadecimal"):
        signing.public_key("12 ab", "--key")


def test_the_page_says_every_figure_and_escapes_every_word(signer: Signer) -> None:
    """Chinese first; invented data is marked."""
    page = certificate.document(TOLD, certificates.fingerprint(signer.public))
    for told in (
        "志愿服务时长证明",
        "王小明 &lt;b&gt;",
        ">428<",
        "二星志愿者",
        "138 小时",
        "290 小时",
        TOLD.serial,
        "a" * 64,
    ):
        assert told in page
    assert "示范数据" not in page
    assert "示范数据" in certificate.document(replace(TOLD, synthetic=True), "x")
