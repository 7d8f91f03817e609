#!/usr/bin/env python3
"""Verifies this folder: that nothing in it was altered since it was made. Needs Python 3.8 or later, nothing else.

Run it in the unpacked folder, or with the folder as argument. Exit status 0: everything fits; 1: something doesn't.
What it can't tell is who made the folder: compare number and fingerprint at the end with the signed paper receipt. Nor
that it is itself the published one: compare its own hash with the receipt, or take it from the project's pages.
"""

import base64
import hashlib
import json
import re
import sys
from datetime import datetime
from pathlib import Path

LIST = "SHA256SUMS"
OWN = {LIST, LIST + ".sig", LIST + ".ed25519"}
"""The list and its signatures: all that isn't on it."""
LITTER = re.compile(r"\.DS_Store|\._.*|__MACOSX|Thumbs\.db|desktop\.ini", re.DOTALL)
"""What operating systems leave in folders that are looked at; it is ignored, and told."""
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
EDWARDS = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)


def names(folder, litter=False):
    """Return the names of all files there are in the folder and below; those of litter when that is asked for."""
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return {path.as_posix() for path in paths if any(map(LITTER.fullmatch, path.parts)) == litter}


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


def ssh_verify(key, text, armor):
    """Tell whether an OpenSSH signature (PROTOCOL.sshsig) of a text is right, for disclosures, and by this key."""
    lines = armor.decode("ascii").split("\n")
    if lines[0] != "-----BEGIN SSH SIGNATURE-----" or lines[-2:] != ["-----END SSH SIGNATURE-----", ""]:
        return False
    data = base64.b64decode("".join(lines[1:-2]), validate=True)
    if data[:10] != b"SSHSIG\0\0\0\1":
        return False
    parts, rest = [], data[10:]
    while rest:
        size = int.from_bytes(rest[:4], "big")
        parts.append(rest[4 : 4 + size])
        rest = rest[4 + size :]
    if len(parts) != 5 or parts[:4] != [ssh_blob(key), b"camguard-export", b"", b"sha512"]:
        return False
    if parts[4][:19] != b"\0\0\0\x0bssh-ed25519\0\0\0\x40":
        return False
    message = b"SSHSIG" + b"".join(
        len(part).to_bytes(4, "big") + part for part in (*parts[1:4], hashlib.sha512(text).digest())
    )
    return verify(key, message, parts[4][19:])


# --- the checks: each returns what is wrong, or None ---


def check_signature(folder, key):
    """The list is signed, in both forms, by the key that the folder names in both forms."""
    text = (folder / LIST).read_bytes()
    wrong = []
    if not verify(key, text, (folder / (LIST + ".ed25519")).read_bytes()):
        wrong.append(LIST + ".ed25519")
    if not ssh_verify(key, text, (folder / (LIST + ".sig")).read_bytes()):
        wrong.append(LIST + ".sig")
    line = b'camguard namespaces="camguard-export" ssh-ed25519 ' + base64.b64encode(ssh_blob(key)) + b"\n"
    if (folder / "allowed_signers").read_bytes() != line:
        wrong.append("allowed_signers")
    return ", ".join(wrong) or None


def listed(folder):
    """Return {name: SHA-256} of the list; raises ValueError when it isn't one."""
    found = {}
    for line in (folder / LIST).read_bytes().decode("ascii").split("\n")[:-1]:
        match = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9._-]+)", line)
        if match is None or match[2] in found:
            raise ValueError(LIST)
        found[match[2]] = match[1]
    return found


def check_files(folder):
    """Every file is as the signed list says, and none is missing or added."""
    due, present = listed(folder), names(folder) - OWN
    wrong = sorted(present ^ set(due)) + sorted(
        name for name in present & set(due) if sha256(folder / name) != due[name]
    )
    return ", ".join(wrong) or None


def check_manifest(folder, key, manifest):
    """The manifest tells of these very files, by this key, and its times fit each other."""
    due = listed(folder)
    wrong = [] if base64.b64decode(manifest["public_key"], validate=True) == key else ["public_key"]
    if manifest["version"] != 2 or "fingerprint" in manifest:
        wrong.append("version")
    videos = {name for name in due if name.endswith(".mp4")}
    if videos != {clip["file"] for clip in manifest["clips"]}:
        wrong.append("clips")
    for clip in manifest["clips"]:
        whole, kind = clip["whole"], clip["kind"]
        inside = whole["start_us"] <= clip["start_us"] < clip["end_us"] <= whole["end_us"]
        same = clip["sha256"] == whole["sha256"]
        if due[clip["file"]] != clip["sha256"] or not inside or same != (kind == "whole"):
            wrong.append(clip["file"])
        wrong += ["%s: %s" % (clip["file"], name) for name in ("start", "end") if not same_time(clip, name)]
    if moment_us(manifest["created_local"]) != moment_us(manifest["created"]):
        wrong.append("created")
    return ", ".join(wrong) or None


def same_time(clip, name):
    """Tell whether a time is the same in all of its three forms."""
    utc_us = moment_us(clip[name])
    return utc_us == clip[name + "_us"] // 1000 * 1000 == moment_us(clip[name + "_local"])


def moment_us(text):
    """Return a time with its zone, ISO 8601 to the ms, as UTC epoch µs."""
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000) * 1000


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


def plain(text):
    """Return a text that can't write over what a terminal shows."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(text))


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
        shown = plain(wrong or "")
        print("%s  %s / %s%s" % ("OK" if wrong is None else "NG", japanese, english, ": " + shown if shown else ""))

    try:
        key = raw_key((folder / "public-key.pem").read_bytes())
        manifest = json.loads((folder / "manifest.json").read_bytes())
        if not isinstance(manifest, dict):
            raise TypeError("manifest.json")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        print("NG  読み取れません / Can't be read: %s" % error)
        return 1
    report("一覧(SHA256SUMS)の署名", "signature of the list (SHA256SUMS)", check_signature, key)
    report("すべてのファイルが署名された一覧と一致", "all files are as the signed list says", check_files)
    report("目録の内容", "what the manifest tells", check_manifest, key, manifest)
    report("各クリップの記録書の署名", "signatures of the clips' records", check_clips, key, manifest)
    report("台帳の記録", "entries of the ledger", check_ledger, manifest)
    digest = base64.b64encode(hashlib.sha256(ssh_blob(key)).digest()).decode().rstrip("=")
    ignored = ", ".join(sorted(names(folder, litter=True)))
    if ignored:
        print("--  %s: %s" % ("無視したファイル / ignored", plain(ignored)))
    print()
    if failed:
        print("一致しないものがあります。 / Something does not fit.")
        return 1
    print("すべて一致しました。 / Everything fits.")
    print()
    recipient = manifest["recipient"]
    print(plain(manifest["disclosure_id"]))
    print(plain("%s %s" % (recipient["organization"], recipient["name"])))
    for clip in manifest["clips"]:
        told = (clip["file"], clip["camera"], clip["place"], clip["start_local"], clip["end_local"])
        print(plain("  ".join(told)))
    print()
    print("提供番号、提供先、映像、鍵の指紋を、署名した紙の受領書と見比べてください。")
    print("Compare number, recipient, videos and the key's fingerprint with the signed paper receipt:")
    print("SHA256:" + digest)
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
