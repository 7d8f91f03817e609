"""Signatures and keys as OpenSSH and OpenSSL read them."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.camguard.vault.documents.ssh_signature import (
    allowed_signers,
    fingerprint,
    public_key_pem,
    ssh_signature,
)

CONTENT = '{"disclosure_id":"CG-2026-0001","place":"玄関"}'.encode() * 20


@dataclass
class Signed:
    """A folder with what a bundle holds of signatures."""

    folder: Path
    key: Ed25519PrivateKey
    told: str = ""

    def ssh(self, *, name: str = "camguard", space: str = "camguard-export") -> bool:
        command = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", name, "-n", space]
        with (self.folder / "manifest.json").open("rb") as file:
            return self._run(*command, "-s", "manifest.json.sig", stdin=file.fileno())

    def openssl(self) -> bool:
        command = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig"
        return self._run(*command.split())

    def flip(self, name: str, place: int) -> None:
        path = self.folder / name
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)

    def _run(self, *command: str, stdin: int = subprocess.DEVNULL) -> bool:
        done = subprocess.run(command, cwd=self.folder, stdin=stdin, capture_output=True, check=False, timeout=20)
        self.told = done.stdout.decode()
        return done.returncode == 0


@pytest.fixture(params=[0, 1, 2])
def signed(tmp_path: Path, request: pytest.FixtureRequest) -> Signed:
    """Signed by three keys one after the other: an encoding that fits only some is found out."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([request.param]) * 32)
    public = key.public_key()
    (tmp_path / "manifest.json").write_bytes(CONTENT)
    (tmp_path / "manifest.json.sig").write_bytes(ssh_signature(key.sign, public, CONTENT))
    (tmp_path / "manifest.sig").write_bytes(key.sign(CONTENT))
    (tmp_path / "public-key.pem").write_bytes(public_key_pem(public))
    (tmp_path / "allowed_signers").write_bytes(allowed_signers(public))
    return Signed(tmp_path, key)


def test_openssh_and_openssl_accept_it(signed: Signed) -> None:
    assert signed.ssh()
    assert signed.openssl()


def test_they_refuse_another_name_and_another_use(signed: Signed) -> None:
    assert not signed.ssh(name="somebody")
    assert not signed.ssh(space="file")
    assert not signed.ssh(space="git")


@pytest.mark.parametrize("place", [0, 500, len(CONTENT) - 1])
def test_a_flipped_byte_of_the_content_is_noticed(signed: Signed, place: int) -> None:
    signed.flip("manifest.json", place)
    assert not signed.ssh()
    assert not signed.openssl()


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_a_flipped_byte_of_the_raw_signature_is_noticed(signed: Signed, place: int) -> None:
    signed.flip("manifest.sig", place)
    assert not signed.openssl()
    assert signed.ssh()


def test_a_flipped_byte_of_the_armored_signature_is_noticed(signed: Signed) -> None:
    lines = (signed.folder / "manifest.json.sig").read_text().splitlines()
    assert (lines[0], lines[-1]) == ("-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----")
    assert max(map(len, lines)) == 70
    signed.flip("manifest.json.sig", len("-----BEGIN SSH SIGNATURE-----\n") + 200)
    assert not signed.ssh()
    assert signed.openssl()


def test_another_key_is_refused(signed: Signed) -> None:
    other = Ed25519PrivateKey.generate().public_key()
    (signed.folder / "public-key.pem").write_bytes(public_key_pem(other))
    (signed.folder / "allowed_signers").write_bytes(allowed_signers(other))
    assert not signed.ssh()
    assert not signed.openssl()


def test_the_fingerprint_is_the_one_that_ssh_keygen_prints(signed: Signed) -> None:
    key_file = signed.folder / "key.pub"
    key_file.write_bytes(b" ".join((signed.folder / "allowed_signers").read_bytes().split()[2:]) + b"\n")
    shown = subprocess.run(["ssh-keygen", "-lf", key_file], capture_output=True, text=True, check=True).stdout
    assert fingerprint(signed.key.public_key()) in shown.split()
    assert signed.ssh()
    assert fingerprint(signed.key.public_key()) in signed.told, "verifying prints it as well"
    assert len(fingerprint(signed.key.public_key())) == len("SHA256:") + 43
