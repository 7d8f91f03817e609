"""The operating rules (運用規程) and the report on the duties: made from facts, signed, never saying "compliant"."""

from collections.abc import Mapping
from html import escape
from typing import Any

from ..page import both, facts, heading, local_time, paper, points, section
from .duty_words import DUTIES, TASKS

type Stated = Mapping[str, Any]
"""What a document states: the JSON that is signed (docs/design/formats.md)."""
_STATES = {"met": ("対応の記録あり", "met by facts"), "open": ("要対応", "open")}
_MODES = {
    "": ("停止中（領域を読み取れません）", "not at all: its zones can't be read"),
    "event": ("動きや操作があったときだけ", "on events"),
    "continuous": ("常時（動きのないときはコマ数を減らす）", "always, with fewer pictures where nothing moves"),
    "continuous_full": ("常時", "always"),
}
_ROLES = {
    "responsible": ("管理責任者", "Responsible person"),
    "deputy": ("副責任者", "Deputy"),
    "viewer": ("閲覧者", "Viewer"),
}


def signed_page(stated: Stated, *, fingerprint: str, signature: str, sha256: str) -> str:
    """Return the page of a document. `signature`, `sha256`: hex, of the JSON that states it."""
    rules = stated["document"] == "rules"
    title = ("防犯カメラ運用規程", "Operating rules of the security cameras")
    parts = [
        heading(*(title if rules else ("防犯カメラ運用状況報告書", "Report on the security cameras")), stated["number"])
    ]
    parts += _rules(stated) if rules else _report(stated)
    parts += _proof(stated, fingerprint, signature, sha256)
    return paper(f"{stated['number']} - CamGuard", parts)


def _operator(stated: Stated) -> str:
    return facts(
        {
            ("作成日時", "Made"): local_time(stated["created_us"], stated["time_zone"]),
            ("設置者", "Operator"): stated["operator"],
            ("連絡先", "Contact"): stated["contact"],
            ("設置目的", "Purpose"): stated["purpose"],
        }
    )


def _people(stated: Stated) -> str:
    if not stated["people"]:
        return both("管理簿に記入された人はいません。", "Nobody is entered in the register.")
    rows = "".join(
        f"<tr><td>{escape(_ROLES[person['role']][0])}<small lang=en> {escape(_ROLES[person['role']][1])}</small></td>"
        f"<td dir=auto>{escape(person['name'])}</td><td>{escape(person['pledged_on'] or '–')}</td></tr>"
        for person in stated["people"]
    )
    head = "<tr><th>役割<small lang=en>Role</small></th><th>氏名<small lang=en>Name</small></th>"
    head += "<th>誓約日<small lang=en>Pledge</small></th></tr>"
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _cameras(stated: Stated) -> str:
    rows = "".join(
        f"<tr><td dir=auto>{escape(camera['name'])}</td><td dir=auto>{escape(camera['place'])}</td>"
        f"<td>{escape(_MODES[camera['mode']][0])}<small lang=en> {escape(_MODES[camera['mode']][1])}</small></td>"
        f"<td>{camera['zones']}</td><td>{camera['days']}</td></tr>"
        for camera in stated["cameras"]
    )
    head = (
        "<tr><th>カメラ<small lang=en>Camera</small></th><th>設置場所<small lang=en>Place</small></th>"
        "<th>録画<small lang=en>Records</small></th><th>領域<small lang=en>Zones</small></th>"
        "<th>保存日数<small lang=en>Days kept</small></th></tr>"
    )
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _rules(stated: Stated) -> list[str]:
    days = stated["retention_days"]
    contractors = [
        facts({("委託先", "Contractor"): f"{item['name']}\n{item['task']}\n{item['ends_on'] or '–'}"})
        for item in stated["contractors"]
    ]
    return [
        both(
            "熊谷市家庭用防犯カメラの設置及び運用に関するガイドラインに沿って、防犯カメラの運用を次のとおり定める。",
            "These rules follow Kumagaya City's guideline on the installation and operation of home security cameras.",
        ),
        section("1 設置者と設置目的", "1. Operator and purpose"),
        _operator(stated),
        points([("映像は、設置目的以外に使用しない。", "Footage is used for no other purpose.")]),
        section("2 カメラと撮影範囲", "2. Cameras and range"),
        _cameras(stated),
        points(
            [
                (
                    "公共の場所や他人の敷地など、不必要な部分は撮影と同時に塗りつぶし、記録しない。",
                    "What isn't needed (public space, others' premises) is blanked out while filming and never recorded.",
                ),
                (
                    "カメラの向きが変わったときは、撮影範囲を確認するまで録画しない。",
                    "When a camera was moved, nothing is recorded until its range was confirmed.",
                ),
                (
                    "撮影区域内又はその付近の見やすい場所に、設置者、設置目的及び連絡先を表示する。",
                    "A sign in or near the filmed area states operator, purpose and contact.",
                ),
            ]
        ),
        section("3 管理体制", "3. Who answers for it"),
        _people(stated),
        points(
            [
                (
                    "映像を閲覧できるのは、管理責任者、副責任者及び誓約書を提出した閲覧者に限る。閲覧は台帳に記録する。",
                    "Only the persons above, viewers with their pledge, view footage. Each view is in the ledger.",
                ),
                (
                    "毎月、自己点検を行い、年1回、運用を見直す。",
                    "There is a self-check each month and a review each year.",
                ),
            ]
        ),
        section("4 保存と消去", "4. Keeping and erasing"),
        points(
            [
                (
                    f"保存期間は{days}日間以内とする。提供の要請があったときなど、必要な映像に限り、理由と見直しの期日を定めて保全する。",
                    f"Footage is kept for {days} days at most. Only what is needed for longer is held, with a reason and a"
                    " day on which that is looked at again.",
                ),
                ("映像は加工しない。", "Footage isn't altered."),
                (
                    "映像は録画の時から暗号化し、鍵とともに厳重に保管する。",
                    "Footage is encrypted from its first byte; it and its keys are kept safe.",
                ),
                (
                    "保存期間が過ぎた映像は、鍵を破棄し、上書きして消去する。",
                    "When its time is over, its key is destroyed and it is overwritten.",
                ),
                (
                    "記録媒体を手放すときは、完全消去を行い、破砕などにより読み取れない状態にして記録する。",
                    "Before a medium is given away it is wiped, destroyed, and entered in the register.",
                ),
            ]
        ),
        section("5 利用及び提供の制限", "5. Use and disclosure"),
        points(
            [
                ("次の場合を除き、映像を第三者に提供しない。", "Footage is given to others only:"),
                ("ア 法令に基づく場合", "ア under a law,"),
                ("イ 捜査機関から捜査目的で要請を受けた場合", "イ on request of an investigating authority,"),
                (
                    "ウ 人の生命、身体、健康又は財産を守るため、緊急かつやむを得ない場合",
                    "ウ to protect life, body, health or property in an emergency that can't be avoided.",
                ),
                (
                    "提供したときは、日時、提供先、内容及び根拠を提供記録として台帳に残す。",
                    "When, to whom, what and why is written into the ledger before it leaves.",
                ),
            ]
        ),
        section("6 苦情等への対応", "6. Complaints"),
        points(
            [
                (
                    "苦情や問合せは上記の連絡先で受け付け、管理簿に記録し、原則として7日以内に回答する。",
                    "Complaints and inquiries go to the contact above, are entered, and answered within 7 days as a rule.",
                ),
                (
                    "映っている本人から開示の請求があったときは、本人であることを確認し、14日以内に回答する。",
                    "Who was filmed may ask to see it; we check who they are and answer within 14 days.",
                ),
                (
                    "漏えい又はそのおそれがあるときは、直ちに止め、本人に知らせ、記録し、再発を防ぐ。",
                    "A leak is stopped at once, told to those concerned, entered, and kept from happening again.",
                ),
            ]
        ),
        section("7 委託", "7. Contractors"),
        *(contractors or [both("現在、委託先はありません。", "There are no contractors at present.")]),
        points(
            [
                (
                    "委託先には、この規程とガイドラインを守る旨の誓約書を求め、委託期間が終わったときは閲覧できないようにする。",
                    "Contractors pledge to keep these rules and the guideline, and can view nothing when the term has ended.",
                )
            ]
        ),
    ]


def _report(stated: Stated) -> list[str]:
    items = stated["duties"]
    open_count = sum(item["state"] == "open" for item in items)
    rows = []
    for item in items:
        words = DUTIES[item["clause"]]
        ja, en = words.facts(item["facts"] | {"purpose": stated["purpose"]})
        state = _STATES[item["state"]]
        tasks = "".join(
            f"<li>{escape(TASKS[duty['what']][0])}{_due(duty)}<br><span class=en lang=en>{escape(TASKS[duty['what']][1])}"
            "</span></li>"
            for duty in item["duties"]
        )
        todo = f"<ul>{tasks}</ul>" if tasks else ""
        mark = ' class="bad"' if item["state"] == "open" else ""
        rows.append(
            f"<tr><th>{escape(item['clause'])} {escape(words.title[0])}<small lang=en>{escape(words.title[1])}</small></th>"
            f"<td>{escape(words.asks[0])}<br><span class=en lang=en>{escape(words.asks[1])}</span></td>"
            f"<td><span{mark}>{escape(state[0])} · {escape(state[1])}</span><br>{escape(ja)}<br>"
            f"<span class=en lang=en>{escape(en)}</span>{todo}</td></tr>"
        )
    head = (
        "<tr><th>項目<small lang=en>Duty</small></th><th>求められること<small lang=en>What it asks</small></th>"
        "<th>記録された事実<small lang=en>Recorded facts</small></th></tr>"
    )
    return [
        both(
            "ガイドラインの各項目について、機器に記録された事実と、対応が必要な点をまとめたものです。法令やガイドラインの遵守を"
            "証明するものではありません。",
            "For each duty of the guideline: the facts that were recorded, and what is still open. It is no statement that a"
            " law or the guideline is kept.",
        ),
        _operator(stated),
        both(
            f"全{len(items)}項目のうち、要対応は{open_count}項目です。",
            f"Duties: {len(items)}, open: {open_count}.",
        ),
        section("カメラ", "Cameras"),
        _cameras(stated),
        section("管理体制", "Who answers for it"),
        _people(stated),
        section("各項目の状況", "How each duty stands"),
        f'<div class="scroll"><table class="duties"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>',
    ]


def _due(duty: Mapping[str, Any]) -> str:
    number = f"（{escape(duty['number'])}）" if duty["number"] else ""
    return number + (f" {escape(duty['due'])}" if duty["due"] else "")


def _proof(stated: Stated, fingerprint: str, signature: str, sha256: str) -> list[str]:
    return [
        section("照合", "To compare"),
        both(
            "この文書の元データには署名があり、そのハッシュ値は文書番号とともに台帳に記録されています。台帳の下記の番号の記録が"
            "下記のハッシュ値であれば、その時点までの台帳は書き換えられていません。",
            "What this document states is signed, and its hash is in the ledger with the document's number. Where the ledger's"
            " entry of the number below has the head below, nothing before it was changed.",
        ),
        facts(
            {
                ("台帳の番号", "Ledger entry"): str(stated["ledger_seq"]),
                ("台帳のハッシュ値", "Ledger head"): stated["ledger_head"],
                ("元データのハッシュ値(SHA-256)", "SHA-256 of what is stated"): sha256,
                ("署名(Ed25519)", "Signature (Ed25519)"): signature,
                ("鍵の指紋", "Fingerprint of the key"): fingerprint,
                ("作成", "Made by"): stated["software"],
            }
        ),
    ]
