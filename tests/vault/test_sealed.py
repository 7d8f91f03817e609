"""Sealed files: what was written comes back, whatever was changed is refused, and other age programs agree."""

import base64
import io
import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.errors import IntegrityError
from custom_components.camguard.vault import sealed as sealed_module
from custom_components.camguard.vault.sealed import (
    CHUNK_BYTES,
    Identity,
    Recipient,
    SealedReader,
    SealedWriter,
    read_prefix,
)

from . import age_files as age

AGE = shutil.which("age")
needs_age = pytest.mark.skipif(AGE is None, reason="the age command isn't installed")
VECTORS = Path(__file__).parent.parent / "vectors" / "age_cli.json"
BORDERS = [
    0,
    1,
    15,
    CHUNK_BYTES - 1,
    CHUNK_BYTES,
    CHUNK_BYTES + 1,
    2 * CHUNK_BYTES - 1,
    2 * CHUNK_BYTES,
    2 * CHUNK_BYTES + 1,
]
IDENTITY = Identity(bytes(range(32)))
PUBLIC = IDENTITY.recipient.public
sizes = st.sampled_from(BORDERS) | st.integers(0, 3 * CHUNK_BYTES)


def noise(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


def seal(plain: bytes, identity: Identity = IDENTITY, cuts: list[int] | None = None) -> bytes:
    file = io.BytesIO()
    with SealedWriter(file, identity.recipient) as writer:
        edges = [0, *sorted(min(cut, len(plain)) for cut in cuts or []), len(plain)]
        for start, end in zip(edges, edges[1:], strict=False):
            assert writer.write(plain[start:end]) == end - start
            assert writer.pending <= CHUNK_BYTES
    return file.getvalue()


def unseal(sealed: bytes, identity: Identity = IDENTITY) -> bytes:
    with SealedReader(io.BytesIO(sealed), identity) as reader:
        plain = b"".join(reader.chunks())
        assert len(plain) == reader.size
        assert reader.read_at(0, reader.size) == plain
    return plain


def refused(sealed: bytes, identity: Identity = IDENTITY) -> str:
    with pytest.raises(IntegrityError) as caught:
        unseal(sealed, identity)
    return caught.value.key


def prefix(sealed: bytes, identity: Identity = IDENTITY) -> bytes:
    return b"".join(read_prefix(io.BytesIO(sealed), identity))


# --- round trips ---


@settings(max_examples=40, deadline=None)
@given(sizes, st.lists(st.integers(0, 3 * CHUNK_BYTES), max_size=5))
def test_round_trip(size: int, cuts: list[int]) -> None:
    plain = noise(size)
    sealed = seal(plain, cuts=cuts)
    assert unseal(sealed) == plain
    assert prefix(sealed) == plain
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(IDENTITY.text)]) == plain


@pytest.mark.parametrize("size", BORDERS)
def test_layout(size: int) -> None:
    sealed = seal(noise(size))
    chunks = max(-(-size // CHUNK_BYTES), 1)
    start = sealed.index(b"\n--- ") + len("\n--- ") + 43 + 1 + 16
    assert len(sealed) == start + size + 16 * chunks
    assert sealed.startswith(b"age-encryption.org/v1\n-> X25519 ")


@settings(max_examples=40, deadline=None)
@given(
    sizes, st.lists(st.tuples(st.integers(0, 4 * CHUNK_BYTES), st.integers(0, 3 * CHUNK_BYTES)), min_size=1, max_size=8)
)
def test_read_at(size: int, places: list[tuple[int, int]]) -> None:
    plain = noise(size)
    with SealedReader(io.BytesIO(seal(plain)), IDENTITY) as reader:
        for offset, length in places:
            assert reader.read_at(offset, length) == plain[offset : offset + length]
        for offset in (0, CHUNK_BYTES - 1, CHUNK_BYTES, size - 1, size):
            if offset >= 0:
                assert reader.read_at(offset, 2) == plain[offset : offset + 2]


def test_nothing_repeats() -> None:
    plain = noise(200_000)
    one, other = seal(plain), seal(plain)
    assert one != other
    assert one[40:60] != other[40:60]
    assert Identity.generate() != Identity.generate()
    for piece in range(0, 200_000 - 64, 5000):
        assert plain[piece : piece + 32] not in one


def test_files_on_disk_are_synced_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file, SealedWriter(file, IDENTITY.recipient) as writer:
        writer.write(noise(CHUNK_BYTES + 5))
        writer.sync()
        assert path.stat().st_size > CHUNK_BYTES  # the whole chunk, before the file is closed
        assert writer.pending == 5
        writer.close()
        size = path.stat().st_size
        writer.close()  # again: nothing
    assert path.stat().st_size == size
    file = path.open("rb")
    with SealedReader(file, IDENTITY) as reader:
        assert reader.read_at(0, reader.size) == noise(CHUNK_BYTES + 5)
    assert file.closed


# --- damage ---


@settings(max_examples=60, deadline=None)
@given(sizes, st.floats(0, 1, exclude_max=True))
def test_truncation_is_refused_and_the_prefix_is_true(size: int, at: float) -> None:
    plain = noise(size)
    sealed = seal(plain)
    cut = sealed[: int(len(sealed) * at)]
    refused(cut)
    try:
        got = prefix(cut)
    except IntegrityError:
        got = b""
    assert got == plain[: len(got)]
    assert len(got) % CHUNK_BYTES == 0
    assert len(got) < len(plain) or not plain


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 7])
def test_truncation_at_every_border(size: int) -> None:
    plain, sealed = noise(size), seal(noise(size))
    start = sealed.index(b"\n--- ") + 5 + 43 + 1
    borders = {start + 16 + number * (CHUNK_BYTES + 16) for number in range(size // CHUNK_BYTES + 1)} - {len(sealed)}
    near = {border + by for border in borders for by in (-17, -16, -1, 0, 1, 15, 16, 17)}
    for cut in sorted(near | {0, 1, 21, 22, start - 1, start, len(sealed) - 1}):
        if 0 <= cut < len(sealed):
            refused(sealed[:cut])
    for number, border in enumerate(sorted(borders)):
        # a torn file gives all whole chunks before the tear
        assert prefix(sealed[:border]) == plain[: number * CHUNK_BYTES]
        if border + 20 < len(sealed):
            assert prefix(sealed[: border + 20]) == plain[: number * CHUNK_BYTES]


@settings(max_examples=80, deadline=None)
@given(sizes, st.floats(0, 1, exclude_max=True), st.integers(0, 7))
def test_a_flipped_bit_is_refused(size: int, at: float, bit: int) -> None:
    sealed = bytearray(seal(noise(size)))
    sealed[int(len(sealed) * at)] ^= 1 << bit
    refused(bytes(sealed))


def test_every_bit_of_a_small_file_counts() -> None:
    sealed = seal(b"secret")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            refused(bytes(changed))


def test_chunks_swapped_dropped_doubled_appended() -> None:
    sealed = seal(noise(3 * CHUNK_BYTES + 5))
    start = sealed.index(b"\n--- ") + 5 + 43 + 1 + 16
    whole = CHUNK_BYTES + 16
    head, rest = sealed[:start], sealed[start:]
    chunks = [rest[i : i + whole] for i in range(0, len(rest), whole)]
    assert unseal(head + b"".join(chunks)) == noise(3 * CHUNK_BYTES + 5)
    for order in ([1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3], [0, 1, 2], [0, 0, 2, 3], [0, 1, 2, 3, 3], [0, 3, 2, 3], [3]):
        refused(head + b"".join(chunks[number] for number in order))
    for tail in (b"\0", bytes(16), bytes(17), bytes(whole), sealed):
        refused(sealed + tail)
    # the payload of one file behind the header of another
    other = seal(noise(3 * CHUNK_BYTES + 5))
    assert refused(sealed[: start - 16] + other[start - 16 :]) == "sealed_truncated"


def test_damage_shows_where_it_is_read() -> None:
    sealed = bytearray(seal(noise(3 * CHUNK_BYTES)))
    sealed[-2 * CHUNK_BYTES] ^= 1  # second chunk
    with SealedReader(io.BytesIO(bytes(sealed)), IDENTITY) as reader:
        assert reader.read_at(0, CHUNK_BYTES) == noise(3 * CHUNK_BYTES)[:CHUNK_BYTES]
        with pytest.raises(IntegrityError, match="sealed_altered"):
            reader.read_at(CHUNK_BYTES - 1, 2)
        assert reader.read_at(2 * CHUNK_BYTES, 10) == noise(3 * CHUNK_BYTES)[2 * CHUNK_BYTES :][:10]
    # torn while it is open
    file = io.BytesIO(seal(noise(2 * CHUNK_BYTES)))
    reader = SealedReader(file, IDENTITY)
    file.truncate(1000)
    with pytest.raises(IntegrityError, match="sealed_truncated"):
        reader.read_at(0, 1)


def test_another_identity_opens_nothing() -> None:
    sealed = seal(noise(10))
    assert refused(sealed, Identity.generate()) == "sealed_wrong_key"
    with pytest.raises(IntegrityError, match="sealed_wrong_key"):
        prefix(sealed, Identity.generate())


class DiskFull(io.BytesIO):
    """Takes `room` bytes; then fails, keeping what fitted."""

    room = 10**9

    def write(self, data: bytes) -> int:  # type: ignore[override]
        fits = bytes(data)[: max(self.room - len(self.getvalue()), 0)]
        super().write(fits)
        if len(fits) < len(data):
            raise OSError(28, "full")
        return len(fits)


@settings(max_examples=40, deadline=None)
@given(sizes)
def test_an_aborted_file_is_never_valid(size: int) -> None:
    file = io.BytesIO()
    with pytest.raises(RuntimeError), SealedWriter(file, IDENTITY.recipient) as writer:
        writer.write(noise(size))
        raise RuntimeError
    refused(file.getvalue())
    assert prefix(file.getvalue()) == noise(size)[: max(size - 1, 0) // CHUNK_BYTES * CHUNK_BYTES]


@settings(max_examples=40, deadline=None)
@given(st.integers(200, 4 * CHUNK_BYTES), st.booleans())
def test_a_write_that_failed_leaves_no_valid_file(room: int, go_on: bool) -> None:
    file = DiskFull()
    file.room = room
    plain = noise(4 * CHUNK_BYTES)
    writer = SealedWriter(file, IDENTITY.recipient)
    with pytest.raises(OSError, match="full"):
        for start in range(0, len(plain), 50_000):
            writer.write(plain[start : start + 50_000])
        writer.close()
    if go_on:  # somebody who ignores the error and writes on when there is room again
        file.room = 10**9
        writer.write(plain)
        writer.close()
    refused(file.getvalue())
    got = prefix(file.getvalue())
    assert got == plain[: len(got)]


# --- rules of the format, one by one; three programs are asked ---


def two_lines(body: bytes) -> bytes:
    return body[:20] + b"\n" + body[20:] + b"\n"


def header_cases() -> dict[str, tuple[bytes, bool, str]]:
    """Name: (header, whether it is good, key of the error)."""
    good = age.x25519(PUBLIC)
    share, body = age.wrap(PUBLIC)
    arguments = b"X25519 " + age.b64(share)
    grease = age.stanza(b"grease-x y z", noise(10))
    other = age.x25519(Identity.generate().recipient.public)
    head = age.header
    low_order = age.stanza(b"X25519 " + age.b64(bytes(32)), body)
    text = age.b64(body)
    return {
        "plain": (head(good), True, ""),
        "grease before": (head(grease + good), True, ""),
        "grease after": (head(good + grease), True, ""),
        "grease with empty body": (head(good + b"-> empty\n\n"), True, ""),
        "grease of a whole line": (head(good + age.stanza(b"long", noise(48))), True, ""),
        "grease of many lines": (head(good + age.stanza(b"long", noise(500))), True, ""),
        "any printable argument": (head(good + b"-> " + bytes(range(33, 127)) + b"\n\n"), True, ""),
        "another recipient first": (head(other + good), True, ""),
        "x25519 in lower case is unknown": (head(age.stanza(b"x25519 " + age.b64(share), body)), False, "sealed_wrong_key"),
        "only another recipient": (head(other), False, "sealed_wrong_key"),
        "only grease": (head(grease), False, "sealed_wrong_key"),
        "no stanza": (head(b""), False, "sealed_malformed"),
        "nothing": (b"", False, "sealed_truncated"),
        "version 2": (head(good, version=b"age-encryption.org/v2\n"), False, "sealed_malformed"),
        "version with a CR": (head(good, version=b"age-encryption.org/v1\r\n"), False, "sealed_malformed"),
        "armored": (b"-----BEGIN AGE ENCRYPTED FILE-----\n" + base64.b64encode(head(good)), False, "sealed_malformed"),
        "wrong MAC": (head(good, mac=age.b64(bytes(32))), False, "sealed_altered"),
        "short MAC": (head(good, mac=age.b64(bytes(31))), False, "sealed_malformed"),
        "long MAC": (head(good, mac=age.b64(bytes(33))), False, "sealed_malformed"),
        "padded MAC": (head(good, mac=base64.b64encode(bytes(32))), False, "sealed_malformed"),
        "empty MAC": (head(good, mac=b""), False, "sealed_malformed"),
        "MAC not canonical": (head(good)[:-2] + noncanonical(head(good)[-2:-1]) + b"\n", False, "sealed_malformed"),
        "MAC with spaces": (head(good, end=b"--- "), False, "sealed_malformed"),
        "MAC line without a space": (age.VERSION + good + b"---" + age.b64(bytes(32)) + b"\n", False, "sealed_malformed"),
        "MAC with a CR": (head(good)[:-1] + b"\r\n", False, "sealed_malformed"),
        "no end of the MAC line": (head(good)[:-1], False, "sealed_truncated"),
        "stanza begins otherwise": (head(b"=> " + good[3:]), False, "sealed_malformed"),
        "stanza without a type": (head(b"->\n\n" + good), False, "sealed_malformed"),
        "stanza of an empty type": (head(b"-> \n\n" + good), False, "sealed_malformed"),
        "empty argument": (head(good + b"-> a  b\n\n"), False, "sealed_malformed"),
        "argument with a space behind": (head(good + b"-> a \n\n"), False, "sealed_malformed"),
        "argument with a tab": (head(good + b"-> a\tb\n\n"), False, "sealed_malformed"),
        "argument not ASCII": (head(good + b"-> \xc3\xa9\n\n"), False, "sealed_malformed"),
        "argument with NUL": (head(good + b"-> a\0\n\n"), False, "sealed_malformed"),
        "argument with a CR": (head(good + b"-> a\r\n\n"), False, "sealed_malformed"),
        "stanza without a body": (head(b"-> empty\n" + good), False, "sealed_malformed"),
        "body without its short last line": (head(good + b"-> a\n" + b"A" * 64 + b"\n"), False, "sealed_malformed"),
        "body line too long": (head(good + b"-> a\n" + b"A" * 68 + b"\n"), False, "sealed_malformed"),
        "body of two short lines": (head(b"-> " + arguments + b"\n" + two_lines(text)), False, "sealed_malformed"),
        "body padded": (head(b"-> " + arguments + b"\n" + text + b"=\n"), False, "sealed_malformed"),
        "body with a strange character": (head(good + b"-> a\nAA*A\n"), False, "sealed_malformed"),
        "body in URL base64": (head(good + b"-> a\nAA_A\n"), False, "sealed_malformed"),
        "body not canonical": (head(b"-> " + arguments + b"\n" + text[:-1] + noncanonical(text[-1:]) + b"\n"), False, "sealed_malformed"),
        "body of one digit": (head(good + b"-> a\nA\n"), False, "sealed_malformed"),
        "body with a CR": (head(b"-> " + arguments + b"\n" + text + b"\r\n"), False, "sealed_malformed"),
        "empty line before a stanza": (head(b"\n" + good), False, "sealed_malformed"),
        "empty line after a stanza": (head(good + b"\n"), False, "sealed_malformed"),
        "X25519 with a second argument": (head(age.stanza(arguments + b" x", body)), False, "sealed_malformed"),
        "X25519 without its share": (head(age.stanza(b"X25519", body)), False, "sealed_malformed"),
        "X25519 share too short": (head(age.stanza(b"X25519 " + age.b64(share[:31]), body)), False, "sealed_malformed"),
        "X25519 share too long": (head(age.stanza(b"X25519 " + age.b64(share + b"\0"), body)), False, "sealed_malformed"),
        "X25519 share not canonical": (
            head(age.stanza(arguments[:-1] + noncanonical(arguments[-1:]), body)), False, "sealed_malformed",
        ),
        "X25519 share padded": (head(age.stanza(arguments + b"=", body)), False, "sealed_malformed"),
        "X25519 share of low order": (head(low_order), False, "sealed_malformed"),
        "X25519 file key too long": (head(long_file_key()), False, "sealed_malformed"),
        "X25519 body too short": (head(age.stanza(arguments, body[:-1])), False, "sealed_malformed"),
        "X25519 body altered": (head(age.stanza(arguments, body[:-1] + bytes([body[-1] ^ 1]))), False, "sealed_wrong_key"),
        "MAC by another file key": (head(age.x25519(PUBLIC, noise(16))), False, "sealed_altered"),
        "header without end": (age.VERSION + good * 2000, False, "sealed_malformed"),
        "line without end": (age.VERSION + b"-> " + b"a" * 200_000, False, "sealed_malformed"),
    }  # fmt: skip


def noncanonical(digit: bytes) -> bytes:
    """Return the digit with the lowest of its unused bits set: it decodes to the same bytes."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    value = alphabet.index(digit)
    assert value & 3 == 0
    return alphabet[value + 1 : value + 2]


def long_file_key() -> bytes:
    share, body = age.wrap(PUBLIC, age.FILE_KEY + bytes(8))
    return age.stanza(b"X25519 " + age.b64(share), body)


FULL = noise(CHUNK_BYTES)


def payload_cases() -> dict[str, tuple[bytes, bool, str]]:
    head = age.header(age.x25519(PUBLIC))
    whole = age.payload((FULL, False), (b"abc", True))
    return {
        "one chunk": (head + age.payload((b"abc", True)), True, ""),
        "empty": (head + age.payload((b"", True)), True, ""),
        "full last chunk": (head + age.payload((FULL, False), (FULL, True)), True, ""),
        "three chunks": (head + age.payload((FULL, False), (FULL, False), (b"x", True)), True, ""),
        "no payload": (head, False, "sealed_truncated"),
        "half a nonce": (head + bytes(15), False, "sealed_truncated"),
        "nonce only": (head + bytes(16), False, "sealed_truncated"),
        "chunk of less than a tag": (head + bytes(31), False, "sealed_truncated"),
        "not marked last": (head + age.payload((b"abc", False)), False, "sealed_truncated"),
        "full, not marked last": (head + age.payload((FULL, False)), False, "sealed_truncated"),
        "two, none marked last": (head + age.payload((FULL, False), (b"a", False)), False, "sealed_truncated"),
        "last marked twice": (head + age.payload((FULL, True), (b"abc", True)), False, "sealed_altered"),
        "last chunk empty": (head + age.payload((FULL, False), (b"", True)), False, "sealed_malformed"),
        "first chunk short": (head + age.payload((b"abc", False), (b"abc", True)), False, "sealed_truncated"),
        "long chunk": (head + age.payload((FULL + b"a", True)), False, "sealed_truncated"),
        "trailing byte": (head + whole + b"a", False, "sealed_truncated"),
        "trailing chunk": (head + whole + bytes(CHUNK_BYTES), False, "sealed_truncated"),
        "tag cut off": (head + whole[:-16], False, "sealed_truncated"),
    }


def ask_ours(sealed: bytes, _path: Path) -> bool:
    try:
        unseal(sealed)
    except IntegrityError:
        return False
    return True


def ask_pyrage(sealed: bytes, _path: Path) -> bool:
    try:
        pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(IDENTITY.text)])
    except Exception:  # noqa: BLE001 - it has several kinds
        return False
    return True


def ask_age(sealed: bytes, folder: Path) -> bool:
    assert AGE is not None
    (folder / "key").write_text(IDENTITY.text + "\n")
    (folder / "sealed").write_bytes(sealed)
    command = [AGE, "-d", "-i", str(folder / "key"), "-o", str(folder / "plain"), str(folder / "sealed")]
    return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0


CASES = {name: (head + age.payload((b"abc", True)) if good or key != "sealed_truncated" else head, good, key) for name, (head, good, key) in header_cases().items()} | payload_cases()  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_rule(name: str) -> None:
    sealed, good, key = CASES[name]
    if good:
        assert unseal(sealed) in {b"abc", b"", FULL + FULL, FULL + FULL + b"x"}
    else:
        assert refused(sealed) == key


@pytest.mark.parametrize("ask", [ask_pyrage, pytest.param(ask_age, marks=needs_age)])
def test_other_programs_draw_the_same_lines(ask: Callable[[bytes, Path], bool], tmp_path: Path) -> None:
    # Stricter here than there, on purpose: 64 KiB of header is enough.
    ours_only = {"header without end", "line without end"}
    if ask is ask_pyrage:  # takes bodies without their short last line, as the first drafts of the format did
        ours_only |= {"stanza without a body", "body without its short last line"}
    answers = {name: ask(sealed, tmp_path) for name, (sealed, _, _) in CASES.items() if name not in ours_only}
    assert answers == {name: good for name, (_, good, _) in CASES.items() if name not in ours_only}


# --- other programs ---


@needs_age
@pytest.mark.parametrize("size", BORDERS)
def test_age_opens_ours_and_we_open_theirs(size: int, tmp_path: Path) -> None:
    identity, plain = Identity.generate(), noise(size, seed=7)
    assert AGE is not None
    (tmp_path / "key").write_text(identity.text + "\n")
    (tmp_path / "sealed").write_bytes(seal(plain, identity))
    out = subprocess.run(
        [AGE, "-d", "-i", tmp_path / "key", tmp_path / "sealed"], capture_output=True, check=True
    ).stdout
    assert out == plain
    (tmp_path / "plain").write_bytes(plain)
    theirs = subprocess.run(
        [AGE, "-r", identity.recipient.text, tmp_path / "plain"], capture_output=True, check=True
    ).stdout
    assert unseal(theirs, identity) == plain
    # several recipients, of which we are one
    others = [Identity.generate().recipient.text for _ in range(3)]
    arguments = [item for text in (*others, identity.recipient.text) for item in ("-r", text)]
    theirs = subprocess.run([AGE, *arguments, tmp_path / "plain"], capture_output=True, check=True).stdout
    assert unseal(theirs, identity) == plain


@settings(max_examples=25, deadline=None)
@given(sizes, st.binary(min_size=32, max_size=32))
def test_pyrage_opens_ours_and_we_open_theirs(size: int, secret: bytes) -> None:
    identity, plain = Identity(secret), noise(size, seed=9)
    theirs = pyrage.x25519.Identity.from_str(identity.text)
    assert str(theirs) == identity.text
    assert str(theirs.to_public()) == identity.recipient.text
    assert pyrage.decrypt(seal(plain, identity), [theirs]) == plain
    assert unseal(pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(identity.recipient.text)]), identity) == plain


def test_keys_made_by_others() -> None:
    theirs = pyrage.x25519.Identity.generate()
    ours = Identity.from_text(str(theirs))
    assert ours.recipient == Recipient.from_text(str(theirs.to_public()))


@pytest.mark.parametrize("number", range(4))
def test_stored_files_of_age_still_open(number: int) -> None:
    """Written by the age command 1.1.1; see `made_by` in the file."""
    vector = json.loads(VECTORS.read_text("utf-8"))["files"][number]
    plain = noise(vector["size"], seed=vector["seed"])
    assert unseal(base64.b64decode(vector["sealed"]), Identity.from_text(vector["identity"])) == plain


def test_a_passphrase_file_is_refused() -> None:
    sealed = pyrage.passphrase.encrypt(b"abc", "sesame")
    assert refused(sealed) == "sealed_wrong_key"


# --- keys as text ---


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_keys_as_text(secret: bytes) -> None:
    identity = Identity(secret)
    assert Identity.from_text(identity.text) == identity
    assert Recipient.from_text(identity.recipient.text) == identity.recipient
    assert identity.text.startswith("AGE-SECRET-KEY-1")
    assert secret.hex() not in repr(identity)
    assert identity.text not in repr(identity)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.integers(0, 73), st.sampled_from("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LBIO1-!é "))
def test_a_wrong_letter_is_found(place: int, letter: str) -> None:
    text = IDENTITY.text
    changed = text[:place] + letter + text[place + 1 :]
    if changed != text:
        with pytest.raises(IntegrityError):
            Identity.from_text(changed)


@pytest.mark.parametrize(
    "bad",
    [
        "", "1", "AGE-SECRET-KEY-1", IDENTITY.text.lower(), IDENTITY.text[:-1], IDENTITY.text + "Q",
        IDENTITY.text.capitalize(), IDENTITY.recipient.text, IDENTITY.recipient.text.upper(), " " + IDENTITY.text,
    ],
)  # fmt: skip
def test_not_an_identity(bad: str) -> None:
    with pytest.raises(IntegrityError, match="sealed_malformed"):
        Identity.from_text(bad)


def test_not_a_recipient() -> None:
    for bad in ("", IDENTITY.text, IDENTITY.text.lower(), IDENTITY.recipient.text[:-1] + "q", "age1"):
        with pytest.raises(IntegrityError, match="sealed_malformed"):
            Recipient.from_text(bad)


def test_bits_left_over_in_a_key_are_refused() -> None:
    """260 bits hold 256: the other four must be zero, though the checksum is right."""
    values = [sealed_module._BECH32.index(letter) for letter in IDENTITY.recipient.text[4:-6]]
    for extra in range(1, 16):
        data = [*values[:-1], values[-1] | extra]
        check = sealed_module._checksum(sealed_module._expand("age") + data + [0] * 6) ^ 1
        data += [check >> 5 * (5 - i) & 31 for i in range(6)]
        with pytest.raises(IntegrityError, match="sealed_malformed"):
            Recipient.from_text("age1" + "".join(sealed_module._BECH32[value] for value in data))
