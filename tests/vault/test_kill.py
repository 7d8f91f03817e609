"""SIGKILL at random moments, spools and parts included; whatever it hits, a start brings all back in order."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from custom_components.camguard.domain.errors import IntegrityError
from custom_components.camguard.vault.clips.manifest_file import read_manifest
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault
from custom_components.camguard.worker.clip.spool import SpoolReader

ROOT = Path(__file__).parents[2]
ROUNDS = 15
WORK = """
import sys, time, types
from datetime import UTC, datetime
from pathlib import Path
root = Path(sys.argv[2])
sys.path.insert(0, str(root))
for name, folder in (("custom_components", root / "custom_components"),
                     ("custom_components.camguard", root / "custom_components" / "camguard")):
    package = types.ModuleType(name)  # without the entry module: Home Assistant takes seconds to import
    package.__path__ = [str(folder)]
    sys.modules[name] = package
from custom_components.camguard.vault.paths import Paths, write_synced
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import SealedWriter
from custom_components.camguard.vault.vault import Vault
from custom_components.camguard.worker.clip.spool import Head, Packet, SpoolWriter
from tests.vault.clips import manifest_of

vault = Vault.open(Paths.of(Path(sys.argv[1])))
reconcile(vault, 1)
print("ready", flush=True)
while True:
    content = b"clip " * 30_000
    manifest = manifest_of("camera", datetime.now(UTC), content)
    clip_id = manifest.clip.clip_id
    clip, spool_key = vault.prepare(clip_id)
    spool = SpoolWriter(vault.paths.spool_file(clip_id), spool_key)
    spool.head(Head(clip_id=clip_id, start_us=1, width=4, height=2, source_codec="h264", encoder="x", extradata=b"",
                    has_audio=False, meta={}))
    for number in range(3):
        spool.packet(Packet(pts_us=number, dts_us=number, data=content))
        spool.sync()
    spool.end(end_us=5, reason="until", frame_rate_lowered=False)
    for path, data in ((vault.paths.thumbnail(clip_id), b"jpeg"), (vault.paths.clip(clip_id), content)):
        part = path.with_name(path.name + ".part")
        with part.open("wb") as file, SealedWriter(file, clip.recipient) as writer:
            writer.write(data)
        part.rename(path)
    vault.store(manifest, 1)
    print("stored", clip_id, flush=True)
    oldest = vault.index.clips(newest_first=False)
    if len(oldest) > 3:
        for item in oldest[:2]:
            print("erasing", item.clip_id, flush=True)
        vault.erase([item.clip_id for item in oldest[:2]], "space", 1)
        for item in oldest[:2]:
            print("erased", item.clip_id, flush=True)
"""


def test_killed_at_any_moment(tmp_path: Path) -> None:
    paths = Paths.of(tmp_path / "config")
    chance = random.Random(11)
    told: dict[str, set[str]] = {"stored": set(), "erasing": set(), "erased": set()}
    unfinished = 0
    for _ in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, "-c", WORK, str(tmp_path / "config"), str(ROOT)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.25))
        process.send_signal(signal.SIGKILL)
        for line in process.stdout.read().splitlines():
            word, clip_id = line.split()
            told[word].add(clip_id)
        assert process.wait() == -signal.SIGKILL

        vault = Vault.open(paths)
        found = reconcile(vault, 2)
        indexed, to_finish = vault.index.clip_ids(), set(found.spools_to_finish)
        assert not indexed & to_finish
        assert vault.keyring.clip_ids() == indexed | to_finish  # no key without a clip, no clip without its key
        assert vault.keyring.spool_ids() == to_finish
        for clip_id in indexed:
            manifest = read_manifest(paths, vault.keyring, clip_id).manifest
            assert vault.index.get(clip_id) == manifest.clip
            with vault.open_clip(clip_id) as reader:
                assert b"".join(reader.chunks()) == b"clip " * 30_000
            assert vault.thumbnail(clip_id) == b"jpeg"
        for clip_id in to_finish:
            unfinished += 1
            try:
                with SpoolReader(paths.spool_file(clip_id), vault.keyring.spool(clip_id)) as spool:
                    assert all(packet.data == b"clip " * 30_000 for packet in spool.packets())
            except IntegrityError:
                assert paths.spool_file(clip_id).stat().st_size < 66_500  # cut before its head was durable
        # no ciphertext without a key, no parts
        for path in paths.storage.rglob("*.age*"):
            assert path.name.partition(".")[0] in vault.keyring.clip_ids(), path
            assert not path.name.endswith(".part")
        assert {path.name.partition(".")[2] for path in paths.keys.iterdir()} <= {"clip.key", "spool.key"}
        # erased stays erased; what was stored and not touched is there
        assert not told["erased"] & (indexed | to_finish)
        assert told["stored"] - told["erasing"] <= indexed
        assert vault.ledger.verify() == vault.ledger.seq
        recorded = Counter(
            entry.body["clip_id"] for entry in vault.ledger.entries() if entry.event == "recorded" and entry.body
        )
        assert set(recorded.values()) <= {1}
        assert indexed <= set(recorded)
        for clip_id in to_finish:
            vault.discard(clip_id)
        again = reconcile(vault, 3)
        assert (again.indexed, again.orphans_removed, again.spools_to_finish) == (0, 0, ())
        vault.close()
    assert told["erased"]
    assert unfinished
