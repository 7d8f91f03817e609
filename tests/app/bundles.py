"""Disclosures over a real vault, and their bundles unpacked as a recipient unpacks them."""

import base64
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.camguard.app.disclosure.offers import Disclosure, Offer, Request
from custom_components.camguard.app.ports import Actor
from custom_components.camguard.domain.bundle import Form, LegalBasis, Recipient
from custom_components.camguard.domain.clip import Clip, ClipId, canonical_json
from custom_components.camguard.domain.settings import SiteSettings
from custom_components.camguard.vault.documents.ssh_signature import allowed_signers, public_key_pem, ssh_signature
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..hands import NOW, NOW_US, Hands, in_thread
from ..vault.clips import put_clip

BY = Actor(user_id="u1", name="佐藤花子")
POLICE = Recipient(name="鈴木一郎", organization="熊谷警察署 刑事課", request_reference="熊刑発第118号")
PURPOSE = "自転車盗難事件の捜査"
OLD_PYTHONS = ("/usr/bin/python3", "python3.8", "python3.9", "python3.10", "python3.11")


def pythons() -> list[str]:
    """Return this Python and the old ones that are there."""
    found = [path for name in OLD_PYTHONS if (path := shutil.which(name)) is not None]
    return [
        sys.executable,
        *(path for path in found if subprocess.run([path, "-V"], capture_output=True, check=False).returncode == 0),
    ]


def site_of(paths: Paths) -> SiteSettings:
    return SiteSettings(
        operator_name="星川町内会",
        contact="048-000-0000",
        purpose="防犯",
        retention_days=14,
        storage_path=paths.storage,
        key_path=paths.key_root,
        min_free_bytes=0,
        viewers=frozenset(),
        ledger_years=5,
        time_zone="Asia/Tokyo",
        backlog_bytes=64 << 20,
    )


@dataclass
class Desk:
    """Where footage is handed out: a vault, its disclosures, and what was heard of altered clips."""

    vault: Vault
    clock: Hands = field(default_factory=Hands)
    due: set[ClipId] = field(default_factory=set)
    clock_errors_us: dict[ClipId, int] = field(default_factory=dict)
    altered: list[ClipId] = field(default_factory=list)
    disclosure: Disclosure = field(init=False)

    def __post_init__(self) -> None:
        self.disclosure = Disclosure(
            site_of(self.vault.paths),
            self.vault,
            self.clock,
            in_thread,
            is_due=self.is_due,
            clock_error_us=lambda clip: self.clock_errors_us.get(clip.clip_id, 0),
            on_altered=self.altered.append,
        )

    @classmethod
    def begin(cls, config: Path) -> Desk:
        config.mkdir(parents=True, exist_ok=True)
        vault = Vault.open(Paths.of(config))
        reconcile(vault, NOW_US)
        return cls(vault)

    def is_due(self, clip: Clip) -> bool:
        return clip.clip_id in self.due

    def put(self, content: bytes = b"clip " * 40_000, camera_id: str = "camera") -> ClipId:
        return put_clip(self.vault, camera_id, NOW, content)

    async def export(self, *clip_ids: ClipId, by: Actor = BY, **changes: Any) -> Offer:
        fields: dict[str, Any] = {
            "legal_basis": LegalBasis.INVESTIGATION,
            "recipient": POLICE,
            "purpose": PURPOSE,
            "form": Form.SEALED_ZIP,
            "clip_ids": clip_ids,
        }
        return await self.disclosure.export(Request(**fields | changes), by)

    async def fetch(self, offer: Offer, by: Actor = BY) -> bytes:
        archive = b"".join([piece async for piece in self.disclosure.fetch(offer, by)])
        assert len(archive) == offer.size_bytes
        return archive

    async def bundle(self, folder: Path, *clip_ids: ClipId, **changes: Any) -> Bundle:
        """Export, fetch and unpack."""
        offer = await self.export(*clip_ids, **changes)
        return unpack(await self.fetch(offer), folder, offer)

    def entries(self, event: str) -> list[dict[str, Any]]:
        return [entry.body for entry in self.vault.ledger.entries() if entry.event == event and entry.body]


@dataclass
class Bundle:
    """An unpacked bundle, and the programs that verify it."""

    folder: Path

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def sha256sum(self) -> bool:
        return self._run("sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS")

    def openssl(self, name: str = "SHA256SUMS", signature: str = "SHA256SUMS.ed25519") -> bool:
        return self._run(
            *["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public-key.pem", "-rawin", "-in"],
            name,
            "-sigfile",
            signature,
        )

    def ssh(self) -> bool:
        command = "ssh-keygen -Y verify -f allowed_signers -I camguard -n camguard-export -s SHA256SUMS.sig"
        with (self.folder / "SHA256SUMS").open("rb") as file:
            return self._run(*command.split(), stdin=file.fileno())

    def python(self, interpreter: str = sys.executable) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [interpreter, "verify.py"], cwd=self.folder, capture_output=True, text=True, check=False, timeout=60,
            env={"PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C"}, encoding="utf-8",
        )  # fmt: skip

    def verdicts(self) -> dict[str, bool]:
        """Return which programs find nothing wrong."""
        return {
            "sha256sum": self.sha256sum(),
            "openssl": self.openssl(),
            "ssh-keygen": self.ssh(),
            "verify.py": self.python().returncode == 0,
        }

    def fingerprint(self) -> str:
        """Return the fingerprint that ssh-keygen shows for the key that comes along."""
        line = (self.folder / "allowed_signers").read_text().split(" ", 2)[2]
        shown = subprocess.run(["ssh-keygen", "-lf", "-"], input=line, capture_output=True, text=True, check=True)
        return shown.stdout.split()[1]

    def relist(self) -> None:
        """Make the list anew, as anybody can who can write here."""
        files = sorted(self.names() - {"SHA256SUMS", "SHA256SUMS.sig", "SHA256SUMS.ed25519"})
        made = subprocess.run(["sha256sum", *files], cwd=self.folder, capture_output=True, check=True).stdout
        (self.folder / "SHA256SUMS").write_bytes(made)

    def resign(self, key: Ed25519PrivateKey, *, replace: bool = False) -> None:
        """Sign the list; `replace`: put the key in place of the one that is there."""
        public = key.public_key()
        if replace:
            (self.folder / "public-key.pem").write_bytes(public_key_pem(public))
            (self.folder / "allowed_signers").write_bytes(allowed_signers(public))
            manifest = json.loads((self.folder / "manifest.json").read_bytes())
            manifest["public_key"] = base64.b64encode(public.public_bytes_raw()).decode()
            (self.folder / "manifest.json").write_bytes(canonical_json(manifest))
        self.relist()
        text = (self.folder / "SHA256SUMS").read_bytes()
        (self.folder / "SHA256SUMS.ed25519").write_bytes(key.sign(text))
        (self.folder / "SHA256SUMS.sig").write_bytes(ssh_signature(key.sign, public, text))

    def flip(self, name: str, place: int = 100) -> None:
        path = self.folder / name
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)

    def copy(self, folder: Path) -> Bundle:
        shutil.copytree(self.folder, folder / self.folder.name)
        return Bundle(folder / self.folder.name)

    def _run(self, *command: str, stdin: int = subprocess.DEVNULL) -> bool:
        done = subprocess.run(command, cwd=self.folder, stdin=stdin, capture_output=True, check=False, timeout=60)
        return done.returncode == 0


def unpack(archive: bytes, folder: Path, offer: Offer) -> Bundle:
    """Unpack with 7-Zip, and a plain archive with Python's zipfile as well."""
    program = shutil.which("7zz") or shutil.which("7z")
    if program is None:
        pytest.skip("no 7-Zip here: install Debian's 7zip package")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{offer.disclosure_id}.zip"
    path.write_bytes(archive)
    password = [f"-p{offer.password}"] if offer.password else []
    done = subprocess.run(
        [program, "x", f"-o{folder}", *password, path], capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    if offer.password is None:
        with zipfile.ZipFile(path) as opened:
            assert opened.testzip() is None
    return Bundle(folder / offer.disclosure_id)
