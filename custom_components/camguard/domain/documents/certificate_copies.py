"""What an erasure certificate says of copies: recovery kits, disclosures, sealed copies at other places."""

from ..certificate import Certificate, WipedCopies
from .page import both, section


def copies_section(one: Certificate) -> list[str]:
    """Return the certificate's part about copies, as HTML."""
    parts = [section("把握している写し", "Copies that are known")]
    if not one.ledger_readable:
        parts.append(
            both(
                "台帳に読み取れない記録があるため、写しの有無を全て確認することはできませんでした。",
                "Some of the ledger could not be read, so there may be copies that aren't named here.",
            )
        )
    elif not one.known_kits and not one.known_disclosures and not one.copies:
        parts.append(
            both(
                "台帳には、消去したクリップの復元キット及び提供の記録はありません。",
                "The ledger knows of no recovery kit and no disclosure of the erased clips.",
            )
        )
    left = [kit for kit in one.known_kits if kit not in one.kits_destroyed]
    if one.kits_destroyed:
        parts.append(
            both(
                f"復元キット(ファイルはこの装置に残っていません):{'、'.join(one.kits_destroyed)}。バックアップに写しがある場合に備え、"
                "コードを書いた紙を処分してください。",
                f"Recovery kits (no file is left here): {', '.join(one.kits_destroyed)}. A backup may hold a copy: destroy"
                " the paper with the code.",
            )
        )
    if left:
        parts.append(
            both(
                f"復元キット(他のクリップの鍵を含むなどの理由で残っています):{'、'.join(left)}。コードを書いた紙を処分すると、キットは"
                "開けなくなります。",
                f"Recovery kits (still there, with keys of other clips, say): {', '.join(left)}. Destroying the paper with"
                " its code closes a kit for good.",
            )
        )
    if one.known_disclosures:
        parts.append(
            both(
                f"提供の記録:{'、'.join(one.known_disclosures)}。相手方に渡った映像は消去していません。必要に応じて、相手方に取扱いを確認して"
                "ください。",
                f"Disclosures: {', '.join(one.known_disclosures)}. What the recipients have was not erased; ask them where"
                " needed.",
            )
        )
    return parts + [text for copies in one.copies for text in (_copied(copies), _escrow(copies)) if text]


def _copied(copies: WipedCopies) -> str:
    """Return what is said of sealed copies at one place."""
    name = f"{copies.title} ({copies.place})"
    void = (
        "消去したクリップは鍵を破棄したため、写しが残っていても開けません。",
        "Of the erased clips the keys were destroyed: a copy that is left opens no more.",
    )
    versions = (
        "保存先が以前の版を残すかどうかは確認していません。",
        "Whether that place keeps earlier versions was not examined.",
    )
    if not copies.in_use:
        begin = (
            f"以前の写しの保存先:{name}。削除は行っていません。",
            f"Former place for sealed copies: {name}. Nothing was deleted there.",
        )
    elif copies.clips is None:
        begin = (
            f"暗号化された写しの保存先:{name}。接続できなかったため、写しの件数は確認できませんでした。次に接続できたときに削除します。",
            f"Place for sealed copies: {name}. Nobody could look there: how many copies there are isn't known. They are"
            " deleted once it can be reached.",
        )
    elif not copies.clips:
        return both(
            f"暗号化された写しの保存先:{name}。最後に確認したとき、消去したクリップの写しはありませんでした。",
            f"Place for sealed copies: {name}. When somebody looked last, it had no copy of the erased clips.",
        )
    else:
        begin = (
            f"暗号化された写しの保存先:{name}。最後に確認したとき、消去したクリップのうち {copies.clips} 件の写しがありました。この証明書の発行後に削除します。",
            f"Place for sealed copies: {name}. When somebody looked last, it had copies of {copies.clips} of the erased clips; they are deleted after"
            " this certificate was made.",
        )
    return both(f"{begin[0]}{void[0]}{versions[0]}", f"{begin[1]} {void[1]} {versions[1]}")


def _escrow(copies: WipedCopies) -> str:
    """Return what is said of an escrow at one place, empty where there never was one."""
    if not copies.escrow:
        return ""
    code = (
        f"預託鍵({copies.escrow})のコードを書いた紙を処分し、新しいコードを作成してください。それまでは、保存先が預託鍵と写しの以前の版を残している場合に、"
        "紙のコードで開けるおそれがあります。",
        f"Destroy the paper with the code of escrow {copies.escrow} and make a new one: until then, should that place keep"
        " earlier versions of the escrow and of the copies, the paper code could open them.",
    )
    if copies.escrow_in_use:
        begin = (
            f"この保存先には、撮影から {copies.escrow_hours} 時間以内のクリップの鍵が、紙のコードで開ける形で預けてあります。預託鍵は、この証明書の発行後、"
            "次に保存先に接続したときに、消去したクリップの鍵を除いて作り直され、台帳に記録されます。",
            f"That place keeps the keys of clips of the last {copies.escrow_hours} hours in escrow, for who has a paper"
            " code. After this certificate was made, as soon as the place can be reached, the escrow is renewed without the"
            " keys of the erased clips; the ledger tells when.",
        )
    else:
        begin = (
            f"この保存先には、以前、撮影から {copies.escrow_hours} 時間以内のクリップの鍵が預けられていました。",
            f"That place formerly kept the keys of clips of the last {copies.escrow_hours} hours in escrow.",
        )
    return both(f"{begin[0]}{code[0]}", f"{begin[1]} {code[1]}")
