"""The certificate of a wipe: what the ledger tells of it, what the media are, which copies are known; signed."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from ...domain.certificate import Certificate, Medium, Scope, WipedCopies
from ...domain.clip import ClipId, parse_clip_id
from ...domain.documents.certificate_page import certificate_page
from ...domain.errors import StorageError
from ...domain.ledger import Entry, Event
from ...domain.settings import SiteSettings
from ...domain.software import SOFTWARE
from ...vault.clips.wipe_journal import WipeJournal
from ...vault.documents.certificate_file import write_certificate
from ...vault.documents.ssh_signature import fingerprint
from ...vault.keys.recovery_kit import find_kits
from ...vault.media.facts import media_facts, request_discard
from ...vault.vault import Vault


def readable(vault: Vault) -> Iterator[Entry]:
    """Return the ledger's entries, oldest first, but for lines that were damaged: they keep nobody from erasing."""
    return vault.ledger.entries()


def certify(
    site: SiteSettings,
    vault: Vault,
    journal: WipeJournal,
    done: Entry,
    wiped: tuple[ClipId, ...],
    copied: Mapping[str, int | None],
) -> None:
    """Make, sign and write the certificate of a wipe, of which `done` is the ledger's entry. Raises StorageError.

    `copied`: how many of the wiped clips had a sealed copy elsewhere, by the place's id.
    """
    certificate = _certificate(site, vault, journal, done, wiped, copied)
    text = certificate.to_json()
    signature, key = vault.keyring.sign(text), vault.keyring.public_key
    page = certificate_page(certificate, fingerprint=fingerprint(key), signature=signature.hex())
    try:
        write_certificate(vault.paths, certificate.certificate_id, text, signature, key, page)
    except StorageError:
        if not vault.ledger.give_up_reserve():
            raise
        write_certificate(vault.paths, certificate.certificate_id, text, signature, key, page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What the ledger knows of copies of clips."""

    kits: dict[str, set[ClipId]]
    """Recovery kits that were ever made with their keys: kit id, all clips in it."""
    disclosures: tuple[str, ...]
    """One that broke off may have handed out something all the same."""
    readable: bool
    """Whether every line of the ledger could be read."""


def copies_of(vault: Vault, wiped: set[ClipId]) -> Copies:
    """Return what the ledger knows of copies of these clips."""
    kits: dict[str, set[ClipId]] = {}
    disclosures: dict[str, None] = {}
    read = 0
    for entry in readable(vault):
        read += 1
        if entry.event not in {Event.KIT_MADE, Event.DISCLOSING} or not entry.body:
            continue
        clip_ids = {ClipId(item) for item in entry.body["clip_ids"]}
        if wiped.isdisjoint(clip_ids):
            continue
        if entry.event == Event.KIT_MADE:
            kits[str(entry.body["kit_id"])] = clip_ids
        else:
            disclosures[str(entry.body["disclosure_id"])] = None
    whole = read == sum(1 for _ in vault.ledger.lines())
    return Copies(kits=kits, disclosures=tuple(disclosures), readable=whole)


def _certificate(
    site: SiteSettings,
    vault: Vault,
    journal: WipeJournal,
    done: Entry,
    wiped: tuple[ClipId, ...],
    copied: Mapping[str, int | None],
) -> Certificate:
    body = done.body or {}
    copies = copies_of(vault, set(wiped))
    there = {kit.kit_id for kit in find_kits(vault.paths.holds)}
    return Certificate(
        certificate_id=journal.certificate_id,
        begun_us=journal.begun_us,
        done_us=done.time_us,
        time_zone=site.time_zone,
        operator=site.operator_name,
        contact=site.contact,
        ordered_by=journal.user_name,
        reason=journal.reason,
        scope=Scope(journal.scope),
        scope_detail=journal.scope_detail,
        include_held=journal.include_held,
        wiped=wiped,
        skipped_held=journal.skipped_held,
        skipped_running=journal.skipped_running,
        failed=tuple(parse_clip_id(item) for item in body["failed"]),
        remnants=tuple(parse_clip_id(item) for item in body["remnants"]),
        clip_ids_sha256=str(body["clip_ids_sha256"]),
        keys_not_overwritten=int(body["not_overwritten"]),
        keys_unconfirmed=int(body["unconfirmed"]),
        open_attempts_failed=int(body["open_attempts_failed"]),
        root_rotated=bool(body["root_rotated"]),
        protection=_protection(vault),
        media=_media(vault),
        known_kits=tuple(copies.kits),
        kits_destroyed=tuple(kit_id for kit_id in copies.kits if kit_id not in there),
        known_disclosures=copies.disclosures,
        copies=tuple(
            WipedCopies(
                title=title,
                kind=kind,
                place=place,
                in_use=in_use,
                clips=copied.get(name),
                escrow=escrow,
                escrow_hours=hours,
                escrow_in_use=kept and in_use,
            )
            for name, (title, kind, place, in_use) in vault.ledger.told.copy_places.items()
            for escrow, hours, kept, _ in [vault.ledger.told.escrows.get(name, ("", 0, False, False))]
        ),
        ledger_readable=copies.readable,
        ledger_seq=done.seq,
        ledger_head=done.head,
        software=SOFTWARE,
    )


def _protection(vault: Vault) -> str:
    try:
        return "same_medium" if vault.keyring.same_medium else "split"
    except OSError:
        return "unknown"


def _media(vault: Vault) -> tuple[Medium, ...]:
    """Look at what the clips, their keys, the root key and the ledger lie on."""
    paths, media = vault.paths, []
    for role, path, expected in (
        ("clips", paths.storage, paths.marker.exists()),
        ("keys", paths.keys, True),
        ("root_key", paths.key_root, paths.root_key.exists()),
        ("ledger", paths.ledger.parent, True),
    ):
        shown = str(path).encode("utf-8", "replace").decode()
        try:
            # What lies below the mount point of a medium that is away is another one.
            facts = asdict(media_facts(path)) if expected else None
        except StorageError:
            facts = None
        there = facts is not None
        fields = {key: value for key, value in (facts or {}).items() if key in Medium.__dataclass_fields__}
        discard = request_discard(path) if there and role in {"clips", "keys"} else None
        media.append(Medium(**fields | {"role": role, "path": shown, "present": there, "discard_requested": discard}))
    return tuple(media)
