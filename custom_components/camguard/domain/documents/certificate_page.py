"""The erasure certificate as a paper (消去証明書)."""

from html import escape

from ..certificate import Certificate, Claim, Disposal, Scope, Unexamined
from .certificate_copies import copies_section
from .certificate_media import media_table
from .page import both, facts, heading, local_time, paper, points, section

_STYLE = """<style>
.blank thead th{width:auto}.blank small{font-weight:400}
@media print{html{font-size:9.5pt}body{font-size:1rem;line-height:1.5}h2{margin:1.2rem 0 .4rem;padding-top:.6rem;break-inside:avoid}
p,li{margin:.3rem 0;break-inside:avoid}th,td{padding:.2rem .5rem}th{width:10rem}
.blank{break-inside:avoid}.blank td{height:2.3rem}}
</style>"""
_SCOPES = {
    Scope.CLIPS: ("指定されたクリップ", "Named clips"),
    Scope.CAMERA: ("1台のカメラの全てのクリップ", "All clips of one camera"),
    Scope.BEFORE: ("指定された日時より前に撮影を開始した全てのクリップ", "All clips that began before a moment"),
    Scope.EVERYTHING: ("全てのクリップ", "All clips"),
}
_CLAIMS = {
    Claim.NOT_COMPLETE: (
        "消去は完了していません。下の「消去できなかったもの」を確認してください。",
        "The erasure is not complete. See what could not be erased, below.",
    ),
    Claim.NOTHING_WIPED: ("消去したクリップはありません。", "No clip was erased."),
    Claim.KEYS_DESTROYED: (
        "クリップごとの暗号鍵を破棄し、その後、対象の全てのクリップが開けないことを1件ずつ確認しました。この方法は NIST SP 800-88 で"
        "「暗号化消去」と呼ばれるものに当たりますが、同文書への適合を主張するものではありません。",
        "Each clip's own key was destroyed, and afterwards every clip was tried to open and none opened. The method is of the"
        " kind that NIST SP 800-88 calls cryptographic erase; no conformity to it is claimed.",
    ),
    Claim.KEYS_DESTROYED_IN_PART: (
        "「消去したクリップ」に数えたものは、暗号鍵を破棄し、その後、開けないことを1件ずつ確認しました。それ以外のクリップは、暗号鍵が"
        "残っており、再生できるおそれがあります。",
        "Of the clips counted as erased the keys were destroyed, and afterwards each was tried to open and none opened. Of the"
        " others the keys are still there: they may play.",
    ),
    Claim.OVERWRITE_REQUESTED: (
        "鍵のファイルは、乱数による上書きを1回行った後に削除しました。クリップのファイルは、先頭 1 MiB までを上書きした後に削除しました。"
        "上書きはファイルシステムに要求したものであり、媒体の内部で同じ場所に書き込まれたかどうかは確認できません。",
        "Key files were overwritten once with random bytes, then removed; of the clips' files up to the first MiB was, then they"
        " were removed. The file system was asked to overwrite: whether the medium wrote to the same place inside is not known.",
    ),
    Claim.KEYS_ONLY_UNLINKED: (
        "一部の鍵のファイルは上書きできず、削除のみを行いました。",
        "Some key files could not be overwritten and were only removed.",
    ),
    Claim.KEYS_UNCONFIRMED: (
        "消去は途中で中断し、その後に再開して終えました。中断の際に破棄された一部の鍵については、削除の前に上書きされたかどうかの記録が"
        "ありません。",
        "The erasure was cut short, then carried on to its end. Of some keys that were destroyed meanwhile it is not on record"
        " whether they were overwritten before they were removed.",
    ),
    Claim.ROOT_RENEWED: (
        "消去の後にルート鍵を更新し、古いルート鍵を破棄しました。古い鍵のファイルの写しがどこかに残っていたとしても、古いルート鍵がなければ"
        "開けません。",
        "Afterwards the root key was renewed and the old one destroyed. Old copies of key files, should any be left, don't"
        " open without the old root key.",
    ),
    Claim.ROOT_NOT_RENEWED: (
        "ルート鍵は更新できませんでした。古い鍵のファイルの写しがどこかに残っている場合、開けるおそれがあります。",
        "The root key could not be renewed: old copies of key files, should any be left, may still open.",
    ),
    Claim.SAME_MEDIUM: (
        "ルート鍵は他の鍵と同じ媒体に置かれています。媒体に古いデータが物理的に残っている場合、鍵を読み出されるおそれがあります。",
        "The root key lies on the same medium as the other keys. Where a medium physically keeps old data, keys may possibly"
        " be read from it.",
    ),
    Claim.ROOT_NOT_SEEN: (
        "ルート鍵を置いた媒体に接続できず、ルート鍵の状態を確認できませんでした。",
        "The medium of the root key was away, so its state could not be looked at.",
    ),
    Claim.FLASH_REMNANTS: (
        "フラッシュメモリー(SSD、SD カードなど)では、上書きをしても、古いデータが予備領域に残ることがあります。",
        "Flash memory (SSD, SD card and the like) may keep old data in spare blocks in spite of overwriting.",
    ),
    Claim.FLASH_POSSIBLE: (
        "媒体がフラッシュメモリーかどうかは確認できません。フラッシュメモリーの場合は、古いデータが予備領域に残ることがあります。",
        "Whether the medium is flash memory is not known. If it is, old data may remain in spare blocks.",
    ),
    Claim.OVERWRITE_INEFFECTIVE: (
        "この保存先は新しいデータを別の場所に書き込むため、上書きは古いデータに届きません。スナップショットは調べていません。",
        "This storage writes new data elsewhere, so overwriting does not reach the old data. Snapshots were not examined.",
    ),
    Claim.SERVER_UNKNOWN: (
        "ネットワーク上の保存先には削除を要求しました。サーバー側のスナップショット、ごみ箱及びバックアップの有無は確認できません。",
        "A server was asked to delete. Its snapshots, recycle bin and backups are unknown.",
    ),
    Claim.MEDIUM_UNKNOWN: (
        "媒体の種類を特定できないものがあり、上書きの効果は確認できません。",
        "Of some media the kind could not be found out, nor what overwriting does there.",
    ),
    Claim.MEDIUM_AWAY: (
        "消去の際に接続されていない媒体がありました。その媒体については確認していません。",
        "A medium was away during the erasure. Nothing is known of it.",
    ),
}
_UNEXAMINED = {
    Unexamined.MEMORY: (
        "Home Assistant を再起動するまでのメモリーと、スワップ領域",
        "Memory until Home Assistant is restarted, and swap space",
    ),
    Unexamined.VIRTUAL_MACHINE: ("仮想マシンのスナップショット", "Snapshots of a virtual machine"),
    Unexamined.COPIES: (
        "CamGuard の外にある写し(ダウンロードしたもの、画面を録画したもの、提供したもの)",
        "Copies outside CamGuard (downloads, screen recordings, what was disclosed)",
    ),
    Unexamined.CONFIRMED_VIEWS: (
        "カメラの向きを照合するための小さな画像(領域は隠してあり、カメラの登録を外すと消去されます)",
        "The small masked picture that each camera's view is compared with (it is erased when the camera is removed)",
    ),
    Unexamined.SOURCE_CAMERAS: (
        "カメラ本体の SD カードや、他の録画機器に残る映像",
        "What the cameras' own SD cards or other recorders hold",
    ),
    Unexamined.BACKUPS: (
        "クリップの保存先を含むバックアップ(暗号化されたファイルのみで、鍵は含まれません)及び復元キットを含むバックアップ",
        "Backups of the folder that clips lie in (sealed files; no keys), and backups that hold recovery kits",
    ),
    Unexamined.SNAPSHOTS: ("ファイルシステムのスナップショット", "Snapshots of the file system"),
    Unexamined.SERVER: ("サーバー側に残る写し", "Copies on a server"),
    Unexamined.SPARE_BLOCKS: ("媒体の予備領域", "A medium's spare blocks"),
}
_DISPOSAL = {
    Disposal.SD_CARD: (
        "SD カード:カードを細かく裁断し、又は破砕してください。中のメモリーチップが割れるまで壊す必要があります。",
        "SD card: shred it, or cut it up until the memory chip inside is broken.",
    ),
    Disposal.USB: (
        "USB メモリー:外装を外し、メモリーチップを破砕してください。USB 接続の外付けケースの場合は、中の SSD 又はハードディスクを取り出し、"
        "その種類に応じて破壊してください。",
        "USB stick: open it and crush the memory chips. A disk in a USB case: take out the SSD or hard disk and destroy it as"
        " such.",
    ),
    Disposal.SSD: (
        "SSD:基板上の全てのメモリーチップを破砕してください。破砕の前に、別の機器で媒体全体の消去命令(sanitize、Secure Erase など)を"
        "実行することもできます。",
        "SSD: crush every memory chip on its board. Before that its own command for erasing the whole device (sanitize, secure"
        " erase) can be run, on another machine.",
    ),
    Disposal.EMMC: (
        "eMMC(基板に取り付けられたメモリー):取り外せないため、機器の基板ごと、メモリーチップを破砕してください。",
        "eMMC (soldered memory): it can't be taken out; crush the memory chip on the machine's board.",
    ),
    Disposal.DISK: (
        "ハードディスク:専門の業者に破砕を依頼するか、分解して円盤に穴を開け、又は円盤を切断してください。破壊の前に、別の機器で媒体全体を"
        "上書きすることもできます。",
        "Hard disk: have it shredded, or open it and drill or cut its platters. Before that the whole device can be"
        " overwritten, on another machine.",
    ),
    Disposal.NETWORK: (
        "NAS などのサーバー:ごみ箱、スナップショット及びバックアップの消去を管理者に依頼し、ディスクを廃棄するときは、その種類に応じて"
        "破壊してください。",
        "NAS or other server: have its recycle bin, snapshots and backups cleared, and destroy its disks, as their kind asks,"
        " when they are thrown away.",
    ),
    Disposal.VIRTUAL: (
        "仮想ディスク:実際の媒体は、仮想マシンを動かす側の機器にあります。その管理者に、仮想ディスク、スナップショット及びバックアップの削除と、"
        "媒体の破壊を依頼してください。",
        "Virtual disk: the real medium belongs to the machine that runs the virtual one. Have virtual disk, snapshots and"
        " backups deleted there, and the medium destroyed.",
    ),
    Disposal.UNKNOWN: (
        "種類を特定できない媒体:機器の構成を確認し、SD カード、USB メモリー及び SSD はメモリーチップを、ハードディスクは円盤を破壊してください。",
        "A medium of unknown kind: find out what it is; of SD card, USB stick and SSD destroy the memory chips, of a hard"
        " disk the platters.",
    ),
    Disposal.ENCRYPTED: (
        "媒体全体を暗号化している場合は、その鍵(LUKS ヘッダーなど)を破棄することも有効です。ただし、媒体の破壊に代わるものではありません。",
        "Where the whole medium is encrypted, destroying its key (the LUKS header, say) helps too. It doesn't replace the"
        " destruction of the medium.",
    ),
}
_BLANKS = (
    (
        ("確認者", "Checked by"),
        (
            ("氏名", "Name"),
            ("所属・役職", "Organisation, title"),
            ("確認した日", "Date"),
            ("署名又は記名押印", "Signature or seal"),
        ),
    ),
    (
        ("媒体の廃棄", "Disposal of the medium"),
        (
            ("媒体(製造者、型番、製造番号)", "Medium (maker, model, serial number)"),
            ("廃棄の方法", "How it was destroyed"),
            ("廃棄した日・場所", "Date, place"),
            ("実施した者(業者名)", "By whom (company)"),
            ("立会者の署名又は記名押印", "Witness: signature or seal"),
        ),
    ),
)


def certificate_page(certificate: Certificate, *, fingerprint: str, signature: str) -> str:
    """Return the page. `fingerprint`: of the signing key; `signature`: of the certificate's JSON, hex."""
    one = certificate
    zone = one.time_zone
    parts = [_STYLE, heading("消去証明書", "Erasure certificate", one.certificate_id)]
    parts += [both(*_CLAIMS[claim], kind="bad") for claim in one.claims() if claim is Claim.NOT_COMPLETE]
    parts.append(
        facts(
            {
                ("設置者", "Operator"): one.operator,
                ("連絡先", "Contact"): one.contact,
                ("消去を指示した者", "Ordered by"): one.ordered_by or "—",
                ("理由", "Reason"): one.reason,
                ("開始日時", "Begun"): local_time(one.begun_us, zone),
                ("終了日時", "Done"): local_time(one.done_us, zone),
                ("対象", "Scope"): _scope(one),
                ("消去したクリップ", "Clips erased"): _count(len(one.wiped)),
                ("保全中のため残したクリップ", "Clips left, because held"): _count(len(one.skipped_held)),
                ("録画中のため対象外としたクリップ", "Clips left, because being recorded"): _count(
                    len(one.skipped_running)
                ),
                ("消去できなかったもの", "Not erased"): _not_erased(one),
                ("方法", "Method"): (
                    "暗号鍵の破棄(鍵のファイルの上書きの要求と削除)、クリップのファイルの削除\n"
                    "Keys destroyed (overwriting of their files requested, then removed); files of the clips removed"
                ),
                ("使用したソフトウェア", "Software"): one.software,
                ("確認の結果", "Verification"): (
                    f"{len(one.wiped)} 件中 {one.open_attempts_failed} 件が開けないことを確認\n"
                    f"{one.open_attempts_failed} of {len(one.wiped)} were found not to open"
                ),
            }
        )
    )
    parts.append(section("実施した内容とその限界", "What was done, and its limits"))
    parts.append(points(_CLAIMS[claim] for claim in one.claims() if claim is not Claim.NOT_COMPLETE))
    parts.append(section("媒体", "Media"))
    parts.append(media_table(one.media))
    parts.append(
        both(
            "システムから取得した情報であり、現物は確認していません。「回転する媒体(ハードディスク)」という申告は、仮想マシンや USB 変換器で"
            "誤っていることが多いため、ハードディスクであることの根拠にしていません。discard(未使用領域の通知)は、受け付けられても、データが"
            "消えたことの証明にはなりません。",
            "As told by the system; nobody looked at the things themselves. A device's word that it turns (is a hard disk) is"
            " often wrong with virtual machines and USB bridges, and isn't taken for a fact. That a discard (telling which"
            " blocks are unused) was accepted proves nothing.",
        )
    )
    parts.append(section("調べていないもの", "Not examined"))
    parts.append(points(_UNEXAMINED[item] for item in one.not_examined()))
    parts += copies_section(one)
    parts.append(
        section(
            "媒体を廃棄するときに必要なこと(ガイドライン 2(5)オ)",
            "What is still needed before a medium is thrown away (guideline 2(5)オ)",
        )
    )
    parts.append(
        both(
            "この消去は、媒体の物理的な破壊に代わるものではありません。媒体を廃棄し、譲渡し、又は返却する前に、次のとおり読み取れない状態に"
            "してください。",
            "This erasure does not replace the physical destruction of a medium. Before it is thrown away, given away or"
            " returned, make it unreadable as follows.",
        )
    )
    parts.append(points(_DISPOSAL[item] for item in one.disposal()))
    parts.append(section("記入欄", "To be filled in by hand"))
    parts += [_blank(*group) for group in _BLANKS]
    parts.append(section("検証のための情報", "For verification"))
    parts.append(
        facts(
            {
                ("台帳の記録", "Ledger entry"): f"{one.ledger_seq}\n{one.ledger_head}",
                ("署名鍵の指紋", "Fingerprint of the signing key"): fingerprint,
                ("署名 (Ed25519)", "Signature of the JSON file"): signature,
                ("クリップ ID の SHA-256", "SHA-256 of the clip ids"): one.clip_ids_sha256,
            }
        )
    )
    name = one.certificate_id
    command = f"openssl pkeyutl -verify -pubin -inkey {name}.pem -rawin -in {name}.json -sigfile {name}.json.sig"
    parts.append(f"<pre>{escape(command)}</pre>")
    parts.append(
        both(
            f"クリップ ID の一覧は、電子ファイル {name}.json に収録しています。",
            f"All clip ids are in the file {name}.json.",
        )
    )
    parts.append(_ids("消去したクリップの ID", "Ids of the erased clips", one.wiped))
    parts.append(_ids("残したクリップの ID", "Ids of the clips left", (*one.skipped_held, *one.skipped_running)))
    return paper(f"消去証明書 {one.certificate_id}", parts)


def _count(number: int) -> str:
    return f"{number} 件"


def _scope(one: Certificate) -> str:
    held = "保全中のクリップを含む · held clips included" if one.include_held else ""
    return "\n".join(filter(None, (*_SCOPES[one.scope], one.scope_detail, held)))


def _not_erased(one: Certificate) -> str:
    if one.complete:
        return "なし · none"
    opened = len(one.wiped) - one.open_attempts_failed
    lines = []
    if one.failed:
        lines += [f"鍵が残っているもの {len(one.failed)} 件 · key left: {len(one.failed)}", *one.failed]
    if opened:
        lines.append(f"消去後に開けたもの {opened} 件 · opened afterwards: {opened}")
    if one.remnants:
        lines += [
            f"鍵は破棄したが、ファイルが残っているもの {len(one.remnants)} 件 · key destroyed, files left: {len(one.remnants)}",
            *one.remnants,
        ]
    return "\n".join(lines)


def _blank(title: tuple[str, str], rows: tuple[tuple[str, str], ...]) -> str:
    lines = "".join(f"<tr><th>{escape(ja)}<small lang=en>{escape(en)}</small></th><td></td></tr>" for ja, en in rows)
    head = f"{escape(title[0])} <small lang=en>{escape(title[1])}</small>"
    return f'<table class="blank"><thead><tr><th colspan="2">{head}</th></tr></thead><tbody>{lines}</tbody></table>'


def _ids(japanese: str, english: str, ids: tuple[str, ...]) -> str:
    if not ids:
        return ""
    title = f"{escape(japanese)} · {escape(english)} ({len(ids)})"
    return f"<details><summary>{title}</summary><pre>{escape(chr(10).join(ids))}</pre></details>"
