"""The media of an erasure certificate, as a table."""

from collections.abc import Iterable
from dataclasses import replace

from ..certificate import Medium
from .page import facts

_ROLES = {
    "clips": ("クリップ", "Clips"),
    "keys": ("鍵", "Keys"),
    "root_key": ("ルート鍵", "Root key"),
    "ledger": ("台帳", "Ledger"),
}
_KINDS = {
    "in_place": "同じ場所への上書きを要求できる · can be asked to overwrite in place",
    "copy_on_write": "別の場所に書き込む · writes elsewhere",
    "network": "ネットワーク · network",
    "memory": "メモリー · memory",
    "unknown": "不明 · unknown",
}


def media_table(media: Iterable[Medium]) -> str:
    """Return one row for each medium, with everything that lies on it."""
    together: dict[Medium, list[Medium]] = {}
    for medium in media:
        place = replace(medium, role="", path="", discard_requested=None)
        together.setdefault(place if medium.present else medium, []).append(medium)
    rows = {}
    for group in together.values():
        japanese, english = zip(*(_ROLES.get(medium.role, (medium.role, medium.role)) for medium in group), strict=True)
        rows["、".join(japanese), ", ".join(english)] = _medium(group)
    return facts(rows)


def _medium(group: list[Medium]) -> str:
    one = group[0]
    paths = "、".join(dict.fromkeys(medium.path for medium in group))
    if not one.present:
        return f"接続されていません · away\n{paths}"
    asked = {medium.discard_requested for medium in group}
    discard = "受け付けられた · accepted" if True in asked else "拒否された · refused" if False in asked else "—"
    return "\n".join(
        (
            f"装置 · device: {_device(one)}",
            f"ファイルシステム · file system: {' '.join(filter(None, (one.filesystem, one.mount_point))) or '—'}",
            f"書き込み方 · writing: {_KINDS.get(one.kind, one.kind)}",
            f"フラッシュメモリー · flash: {'該当 · yes' if one.is_flash else '不明 · not known'}",
            f"discard: {discard}",
            f"場所 · path: {paths}",
        )
    )


def _device(medium: Medium) -> str:
    """Name a medium. What a system says of turning disks isn't believed, so it isn't printed."""
    size = f"{medium.size_bytes / 1e9:.1f} GB" if medium.size_bytes else ""
    serial = f"S/N {medium.serial}" if medium.serial else ""
    encrypted = "暗号化層あり · encrypted below" if medium.encrypted_below else ""
    known = (medium.device, medium.device_type, medium.vendor, medium.model, serial, size, encrypted)
    return " / ".join(filter(None, known)) or "不明 · not known"
