"""The erasure certificate as a paper (消去証明書)."""

from html import escape

from .certificate import Certificate, Claim, Disposal, Medium, Scope, Unexamined
from .paper import both, facts, heading, local_time, paper, points, section

_SCOPES = {
    Scope.CLIPS: ("指定したクリップ", "Named clips"),
    Scope.CAMERA: ("1台のカメラのすべてのクリップ", "All clips of one camera"),
    Scope.BEFORE: ("指定した日時より前に始まったすべてのクリップ", "All clips that began before a date"),
    Scope.EVERYTHING: ("すべてのクリップ", "All clips"),
}
_CLAIMS = {
    Claim.NOT_COMPLETE: (
        "消去は完了していません。下の「消去できなかったもの」を確認してください。",
        "The erasure is not complete. See what could not be erased, below.",
    ),
    Claim.NOTHING_WIPED: ("消去したクリップはありません。", "No clip was erased."),
    Claim.KEYS_DESTROYED: (
        "クリップごとの暗号鍵を破棄し、その後、対象のクリップを開けないことを1件ずつ確認しました。方法は NIST SP 800-88 が"
        "「暗号化消去」と呼ぶものですが、この規格への適合を主張するものではありません。",
        "Each clip's own key was destroyed, and afterwards every clip was tried to open and none opened. The method is what"
        " NIST SP 800-88 calls cryptographic erase; no conformity to it is claimed.",
    ),
    Claim.OVERWRITE_REQUESTED: (
        "鍵のファイルは乱数で1回上書きしてから削除しました。クリップのファイルは先頭 1 MiB を上書きして削除しました。",
        "Key files were overwritten once with random bytes, then removed. Of the clips' files the first MiB was"
        " overwritten, then they were removed.",
    ),
    Claim.KEYS_ONLY_UNLINKED: (
        "一部の鍵は上書きできず、削除だけを行いました。",
        "Some keys could not be overwritten and were only removed.",
    ),
    Claim.ROOT_RENEWED: (
        "消去後にルート鍵を更新し、古いルート鍵を破棄しました。残っている可能性のある古い鍵ファイルの写しは、古いルート鍵"
        "なしには開けません。",
        "Afterwards the root key was renewed and the old one destroyed. Old copies of key files, should any be left, don't"
        " open without it.",
    ),
    Claim.ROOT_NOT_RENEWED: (
        "ルート鍵は更新できませんでした。",
        "The root key could not be renewed.",
    ),
    Claim.SAME_MEDIUM: (
        "ルート鍵は他の鍵と同じ媒体にあります。媒体に古いデータが物理的に残っている場合、鍵が復元される可能性を否定できません。",
        "The root key lies on the same medium as the other keys. Where a medium physically keeps old data, keys may"
        " possibly be recovered from it.",
    ),
    Claim.FLASH_REMNANTS: (
        "フラッシュメモリー(SSD、SD カードなど)は、上書きしても古いデータが予備領域に残ることがあります。",
        "Flash memory (SSD, SD card and the like) may keep old data in spare blocks in spite of overwriting.",
    ),
    Claim.FLASH_POSSIBLE: (
        "媒体がフラッシュメモリーかどうかは確認できません。フラッシュメモリーの場合、古いデータが予備領域に残ることがあります。",
        "Whether the medium is flash memory is not known. If it is, old data may remain in spare blocks.",
    ),
    Claim.OVERWRITE_INEFFECTIVE: (
        "このファイルシステムは新しい場所に書き込むため、上書きは古いデータに届きません。スナップショットは調べていません。",
        "This file system writes elsewhere, so overwriting does not reach the old data. Snapshots were not examined.",
    ),
    Claim.SERVER_UNKNOWN: (
        "ネットワーク上の保存先には削除を要求しました。サーバー側のスナップショット、ごみ箱、バックアップの有無は不明です。",
        "A server was asked to delete. Its snapshots, recycle bin and backups are unknown.",
    ),
    Claim.MEDIUM_UNKNOWN: (
        "媒体の種類を特定できませんでした。",
        "What kind of medium it is could not be found out.",
    ),
}
_UNEXAMINED = {
    Unexamined.MEMORY: (
        "Home Assistant を再起動するまでのメモリーと、スワップ領域",
        "Memory until Home Assistant is restarted, and swap space",
    ),
    Unexamined.VIRTUAL_MACHINE: ("仮想マシンのスナップショット", "Snapshots of a virtual machine"),
    Unexamined.COPIES: (
        "CamGuard の外にある写し(ダウンロード、画面の録画、提供した映像)",
        "Copies outside CamGuard (downloads, screen recordings, what was disclosed)",
    ),
    Unexamined.SOURCE_CAMERAS: (
        "カメラ本体の SD カードや、他の録画機器の映像",
        "What the cameras' own SD cards or other recorders hold",
    ),
    Unexamined.BACKUPS: (
        "クリップの保存先フォルダーを含むバックアップ(封印されたファイルのみ。鍵は含まれません)",
        "Backups of the folder that clips lie in (sealed files; no keys)",
    ),
    Unexamined.SNAPSHOTS: ("ファイルシステムのスナップショット", "Snapshots of the file system"),
    Unexamined.SERVER: ("サーバー側の写し", "Copies on a server"),
    Unexamined.SPARE_BLOCKS: ("媒体の予備領域", "A medium's spare blocks"),
}
_DISPOSAL = {
    Disposal.FLASH: (
        "SD カード、USB メモリー、SSD、eMMC:破砕するか、メモリーチップを切断・破壊してください。SSD は別の機器で sanitize 機能を"
        "実行する方法もあります。",
        "SD card, USB stick, SSD, eMMC: shred it, or cut or crush its memory chips. An SSD can also be sanitized by its own"
        " command, on another machine.",
    ),
    Disposal.DISK: (
        "ハードディスク:全体を上書きするか、円盤に穴を開ける、破砕するなど物理的に破壊してください。",
        "Hard disk: overwrite the whole device, or drill or shred its platters.",
    ),
    Disposal.ENCRYPTED: (
        "下の層が暗号化されています。その鍵(LUKS ヘッダーなど)の破棄も有効です。",
        "A layer below is encrypted: destroying its key (the LUKS header, say) helps too.",
    ),
    Disposal.NETWORK: (
        "NAS:管理者に、ごみ箱・スナップショット・バックアップの消去を依頼し、ディスクの廃棄時は破壊してください。",
        "NAS: have its recycle bin, snapshots and backups cleared, and destroy its disks when they are thrown away.",
    ),
}
_ROLES = {
    "clips": "クリップ · clips",
    "keys": "鍵 · keys",
    "root_key": "ルート鍵 · root key",
    "ledger": "台帳 · ledger",
}
_KINDS = {
    "in_place": "同じ場所に上書き · overwrites in place",
    "copy_on_write": "別の場所に書き込み · writes elsewhere",
    "network": "ネットワーク · network",
    "memory": "メモリー · memory",
    "unknown": "不明 · unknown",
}


def certificate_page(certificate: Certificate, *, fingerprint: str, signature: str) -> str:
    """Return the page. `fingerprint`: of the signing key; `signature`: of the certificate's JSON, hex."""
    one = certificate
    zone = one.time_zone
    parts = [heading("消去証明書", "Erasure certificate", one.certificate_id)]
    parts += [both(*_CLAIMS[claim], kind="bad") for claim in one.claims() if claim is Claim.NOT_COMPLETE]
    parts.append(
        facts(
            {
                ("設置者", "Operator"): one.operator,
                ("連絡先", "Contact"): one.contact,
                ("指示した人", "Ordered by"): one.ordered_by or "—",
                ("理由", "Reason"): one.reason,
                ("開始", "Begun"): local_time(one.begun_us, zone),
                ("終了", "Done"): local_time(one.done_us, zone),
                ("対象", "Scope"): "\n".join(filter(None, (*_SCOPES[one.scope], one.scope_detail))),
                ("消去したクリップ", "Clips erased"): str(len(one.wiped)),
                ("保全中のため残したクリップ", "Clips left, because held"): str(len(one.skipped_held)),
                ("消去できなかったもの", "Not erased"): _not_erased(one),
                ("方法", "Method"): "暗号鍵の破棄、上書き、削除\nKeys destroyed; files overwritten and removed",
                ("使用したもの", "Tool"): one.software,
                ("確認", "Verification"): (
                    f"{one.open_attempts_failed} / {len(one.wiped)} 件が開けないことを確認\n"
                    f"{one.open_attempts_failed} of {len(one.wiped)} were found not to open"
                ),
            }
        )
    )
    parts.append(section("行ったことと、その限界", "What was done, and its limits"))
    parts.append(points(_CLAIMS[claim] for claim in one.claims() if claim is not Claim.NOT_COMPLETE))
    parts.append(section("媒体", "Media"))
    parts.append(_media_table(one.media))
    parts.append(section("調べていないもの", "Not examined"))
    parts.append(points(_UNEXAMINED[item] for item in one.not_examined()))
    parts += _copies(one)
    parts.append(section("媒体を廃棄するときは(ガイドライン 2(5)オ)", "Before a medium is thrown away"))
    parts.append(points(_DISPOSAL[item] for item in one.disposal()))
    parts.append(section("記入欄", "To be filled in by hand"))
    parts.append(
        '<table class="blank"><tbody>'
        "<tr><th>確認者の署名又は記名押印<small lang=en>Checked by: signature or seal</small></th><td></td></tr>"
        "<tr><th>役職・日付<small lang=en>Title, date</small></th><td></td></tr>"
        "<tr><th>媒体の廃棄方法・廃棄日<small lang=en>Medium destroyed how and when</small></th><td></td></tr>"
        "</tbody></table>"
    )
    parts.append(section("検証のための情報", "For verification"))
    parts.append(
        facts(
            {
                ("台帳の記録", "Ledger entry"): f"{one.ledger_seq}\n{one.ledger_head}",
                ("署名鍵の指紋", "Fingerprint of the signing key"): fingerprint,
                ("署名 (Ed25519)", "Signature of the JSON"): signature,
                ("クリップ ID の SHA-256", "SHA-256 of the clip ids"): one.clip_ids_sha256,
            }
        )
    )
    parts.append(_ids("消去したクリップの ID", "Ids of the erased clips", one.wiped))
    parts.append(_ids("残したクリップの ID", "Ids of the clips left", one.skipped_held))
    return paper(f"消去証明書 {one.certificate_id}", parts)


def _not_erased(one: Certificate) -> str:
    if not one.failed and not one.remnants:
        return "0"
    return (
        f"鍵が残っている · key left: {len(one.failed)}\nファイルが残っている · sealed files left: {len(one.remnants)}\n"
        + "\n".join((*one.failed, *one.remnants))
    )


def _copies(one: Certificate) -> list[str]:
    if not one.known_kits and not one.known_disclosures:
        return []
    parts = [section("把握している写し", "Copies that are known")]
    if one.known_kits:
        parts.append(
            both(
                f"復元キット:{'、'.join(one.known_kits)}。キットのコードを書いた紙を処分すると、キットは開けなくなります。",
                f"Recovery kits: {', '.join(one.known_kits)}. Destroying the paper with a kit's code closes it for good.",
            )
        )
    if one.known_disclosures:
        parts.append(
            both(
                f"提供:{'、'.join(one.known_disclosures)}。相手に渡した映像は消去していません。必要なら相手に確認してください。",
                f"Disclosures: {', '.join(one.known_disclosures)}. What the recipients have was not erased; ask them.",
            )
        )
    return parts


def _media_table(media: tuple[Medium, ...]) -> str:
    head = "".join(
        f"<th>{name}</th>"
        for name in ("用途 · use", "媒体 · medium", "ファイルシステム · file system", "書き込み方 · writing", "discard")
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(text)}</td>"
            for text in (
                _ROLES.get(medium.role, medium.role),
                _device(medium),
                " ".join(filter(None, (medium.filesystem, medium.mount_point))) or "—",
                _KINDS.get(medium.kind, medium.kind),
                {True: "要求した · requested", False: "拒否された · refused", None: "—"}[medium.discard_requested],
            )
        )
        + "</tr>"
        for medium in media
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _device(medium: Medium) -> str:
    """Name a medium. What a system says of turning disks isn't believed, so it isn't printed."""
    kind = "フラッシュ · flash" if medium.is_flash else ""
    size = f"{medium.size_bytes / 1e9:.0f} GB" if medium.size_bytes else ""
    serial = f"S/N {medium.serial}" if medium.serial else ""
    encrypted = "暗号化層 · encrypted below" if medium.encrypted_below else ""
    return " / ".join(filter(None, (medium.device, medium.vendor, medium.model, serial, size, kind, encrypted))) or "—"


def _ids(japanese: str, english: str, ids: tuple[str, ...]) -> str:
    if not ids:
        return ""
    title = f"{escape(japanese)} · {escape(english)} ({len(ids)})"
    return f"<details><summary>{title}</summary><pre>{escape(chr(10).join(ids))}</pre></details>"
