"""Certificates on disk: only their own files are ever found, and one counts as written once its page is there."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.camguard.domain.errors import NotFoundError, StorageError
from custom_components.camguard.vault.documents.certificate_file import (
    KINDS,
    find_certificate,
    is_written,
    write_certificate,
)
from custom_components.camguard.vault.paths import Paths

KEY = Ed25519PrivateKey.generate()


def write(paths: Paths, certificate_id: str = "CW-2026-0001") -> None:
    write_certificate(paths, certificate_id, b"{}", KEY.sign(b"{}"), KEY.public_key(), "<p>消去証明書")


def test_all_files_of_one(paths: Paths) -> None:
    assert not is_written(paths, "CW-2026-0001")
    write(paths)
    assert is_written(paths, "CW-2026-0001")
    found = {kind: find_certificate(paths, "CW-2026-0001", kind).read_bytes() for kind in KINDS}
    assert found["json"] == b"{}"
    assert found["sig"] == KEY.sign(b"{}")
    assert found["pem"].startswith(b"-----BEGIN PUBLIC KEY-----")
    assert found["html"].decode() == "<p>消去証明書"
    assert {path.stat().st_mode & 0o777 for path in paths.certificates.iterdir()} == {0o600}
    write(paths)  # again, after a crash


@pytest.mark.parametrize(
    ("certificate_id", "kind"),
    [
        ("CW-2026-0002", "html"), ("CW-2026-0001", "txt"), ("CW-2026-0001", ""), ("CW-2026-0001", "../x"),
        ("../CW-2026-0001", "html"), ("CW-2026-0001/../CW-2026-0001", "html"), ("CW-２０２６-0001", "html"),
        ("CW-2026-0001\n", "html"), ("CW-2026-0001\0", "html"), ("", "html"), ("..", "html"),
    ],
)  # fmt: skip
def test_nothing_else_is_found(paths: Paths, certificate_id: str, kind: str) -> None:
    write(paths)
    with pytest.raises(NotFoundError) as caught:
        find_certificate(paths, certificate_id, kind)
    assert caught.value.key == "certificate_not_found"


def test_a_folder_in_the_place_of_a_file_is_not_one(paths: Paths) -> None:
    (paths.certificates / "CW-2026-0001.html").mkdir(parents=True)
    with pytest.raises(NotFoundError):
        find_certificate(paths, "CW-2026-0001", "html")


def test_a_disk_that_refuses(paths: Paths) -> None:
    paths.certificates.parent.mkdir(parents=True)
    Path(paths.certificates).write_bytes(b"in the way")
    with pytest.raises(StorageError) as caught:
        write(paths)
    assert caught.value.key == "certificate_not_written"
    assert not is_written(paths, "CW-2026-0001")
