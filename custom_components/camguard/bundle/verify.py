#!/usr/bin/env python3
"""Verifies this folder: that nothing in it was altered since it was made. Needs Python 3.8 or later, nothing else.

Run it in the unpacked folder, or with the folder as argument. Exit status 0: everything fits; 1: something doesn't.
What it can't tell is who made the folder: compare the fingerprint at the end with the one on the signed paper receipt.
"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

SIGNED = {"manifest.json", "manifest.json.sig", "manifest.sig", "SHA256SUMS"}
LITTER = re.compile(r"\.DS_Store|\._.*|Thumbs\.db|desktop\.ini", re.DOTALL)
"""What operating systems leave in folders that are looked at; nothing here reads it."""
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
EDWARDS = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)


def names(folder):
    """Return the names of all there is in the folder."""
    return {path.name for path in folder.iterdir() if not LITTER.fullmatch(path.name)}


def sha256(path):
    """Return a file's SHA-256, hex, without holding it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


# --- Ed25519 (RFC 8032, section 5.1): points in extended coordinates ---


def add(p, q):
    """Add two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * EDWARDS % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number, point):
    """Multiply a point."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def same(p, q):
    """Tell whether two points are one."""
    return (p[0] * q[2] - q[0] * p[2]) % PRIME == 0 and (p[1] * q[2] - q[1] * p[2]) % PRIME == 0


def decode(data):
    """Return the point of 32 bytes, None when there is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(EDWARDS * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


BASE = decode((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))


def verify(key, message, signature):
    """Tell whether an Ed25519 signature is right."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = decode(key), decode(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return same(times(s, BASE), add(r, times(h, a)))


def raw_key(pem):
    """Return the 32 bytes of a PEM key (RFC 8410)."""
    lines = [line for line in pem.decode("ascii").splitlines() if not line.startswith("-----")]
    data = base64.b64decode("".join(lines), validate=True)
    if len(data) != 44 or data[:12] != bytes.fromhex("302a300506032b6570032100"):
        raise ValueError("not an Ed25519 key")
    return data[12:]


def ssh_blob(key):
    """Return a key as OpenSSH writes it."""
    return b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + key


# --- the checks: each returns what is wrong, or None ---


def check_sums(folder):
    """SHA256SUMS names every file, and each is as it says."""
    listed = {}
    for line in (folder / "SHA256SUMS").read_text("ascii").splitlines():
        match = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9._-]+)", line)
        if match is None or match[2] in listed:
            return "SHA256SUMS"
        listed[match[2]] = match[1]
    present = names(folder) - {"SHA256SUMS"}
    wrong = sorted(present ^ set(listed)) + sorted(
        name for name in present & set(listed) if sha256(folder / name) != listed[name]
    )
    return ", ".join(wrong) or None


def check_manifest(folder, key, manifest):
    """The manifest is signed by the key that it names."""
    if not verify(key, (folder / "manifest.json").read_bytes(), (folder / "manifest.sig").read_bytes()):
        return "manifest.sig"
    return None if base64.b64decode(manifest["public_key"], validate=True) == key else "public-key.pem"


def check_files(folder, manifest):
    """Every file is as the signed manifest says, and none is missing or added."""
    present = names(folder) - SIGNED
    listed = manifest["files"]
    wrong = sorted(present ^ set(listed)) + sorted(
        name for name in present & set(listed) if sha256(folder / name) != listed[name]
    )
    clips = {clip["file"]: clip["sha256"] for clip in manifest["clips"]}
    wrong += sorted(name for name, digest in clips.items() if listed.get(name) != digest)
    return ", ".join(wrong) or None


def check_clips(folder, key, manifest):
    """Each clip's record of when it was made is signed, and is of this clip."""
    wrong = []
    for clip in manifest["clips"]:
        name = clip["manifest"]
        own = folder / (name[: -len(".json")] + "-public-key.pem")
        text = (folder / name).read_bytes()
        signer = raw_key(own.read_bytes()) if own.exists() else key
        if (
            not verify(signer, text, (folder / (name + ".sig")).read_bytes())
            or json.loads(text)["clip"]["sha256"] != clip["whole"]["sha256"]
        ):
            wrong.append(name)
    return ", ".join(wrong) or None


def check_ledger(folder, manifest):
    """The piece of the ledger's chain is whole and ends where the manifest says; its entries tell of these clips."""
    lines = (folder / manifest["ledger"]["file"]).read_text("ascii").splitlines()
    seq, dash, head = lines[0].split(" ")
    links = {}
    if dash != "-":
        return "1"
    for line in lines[1:]:
        number, bh, told = line.split(" ")
        head = hashlib.sha256(("%s %s\n" % (head, bh)).encode()).hexdigest()
        if int(number) != int(seq) + 1 or told != head:
            return number
        seq, links[int(number)] = number, bh
    if (int(seq), head) != (manifest["ledger"]["seq"], manifest["ledger"]["head"]):
        return "manifest.json"
    recorded = {clip["whole"]["sha256"] for clip in manifest["clips"]}
    given = [[clip[field] for field in ("sha256", "start_us", "end_us")] for clip in manifest["clips"]]
    disclosed = None
    for line in (folder / manifest["ledger"]["entries_file"]).read_bytes().split(b"\n"):
        if not line:
            continue
        body = json.loads(line)
        fits = links.get(body["seq"]) == hashlib.sha256(line).hexdigest()
        if body["event"] == "disclosing":
            disclosed = [[part[field] for field in ("sha256", "start_us", "end_us")] for part in body["contents"]]
            fits = fits and body["disclosure_id"] == manifest["disclosure_id"] and disclosed == given
        else:  # of a clip that was held for years the ledger may have nothing but the digest left
            fits = fits and body["event"] == "recorded" and body["sha256"] in recorded
        if not fits:
            return "entry %s" % body["seq"]
    return None if disclosed is not None else manifest["ledger"]["entries_file"]


def main():
    """Check everything and say so in Japanese and English."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    failed = False

    def report(japanese, english, check, *arguments):
        nonlocal failed
        try:
            wrong = check(folder, *arguments)
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
            wrong = "%s: %s" % (type(error).__name__, error)
        failed = failed or wrong is not None
        shown = "".join(letter if letter.isprintable() else "?" for letter in wrong or "")
        print("%s  %s / %s%s" % ("OK" if wrong is None else "NG", japanese, english, ": " + shown if shown else ""))

    try:
        key = raw_key((folder / "public-key.pem").read_bytes())
        manifest = json.loads((folder / "manifest.json").read_bytes())
        if not isinstance(manifest, dict):
            raise TypeError("manifest.json")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        print("NG  読み取れません / Can't be read: %s" % error)
        return 1
    report("すべてのファイルが SHA256SUMS の一覧と一致", "all files are as SHA256SUMS says", check_sums)
    report("目録の署名", "signature of the manifest", check_manifest, key, manifest)
    report("すべてのファイルが署名された目録と一致", "all files are as the signed manifest says", check_files, manifest)
    report("各クリップの記録書の署名", "signatures of the clips' records", check_clips, key, manifest)
    report("台帳の記録", "entries of the ledger", check_ledger, manifest)
    digest = base64.b64encode(hashlib.sha256(ssh_blob(key)).digest()).decode().rstrip("=")
    print()
    if failed:
        print("一致しないものがあります。 / Something does not fit.")
        return 1
    print("すべて一致しました。 / Everything fits.")
    print("鍵の指紋を、署名した紙の受領書と見比べてください。")
    print("Compare the key's fingerprint with the one on the signed paper receipt:")
    print("SHA256:" + digest)
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
