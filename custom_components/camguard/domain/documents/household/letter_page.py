"""Pledges (誓約書) and letters, to print and sign: in Japanese or English, made from a record of a register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from ...bundle import local_moment
from ...registers.record import Record
from ...registers.schema import Kind
from ..page import lined, paper

LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Who writes, and what is so in the household."""

    operator: str
    contact: str
    purpose: str
    retention_days: int
    time_zone: str
    now_us: int
    cameras: Mapping[str, str]
    """Names by id; a removed camera has none."""


type Words = tuple[str, list[str]]
"""(title, paragraphs)."""


def letters_of(kind: Kind) -> tuple[str, ...]:
    """Return the names of the papers that can be made of a register's records."""
    return tuple(name for name, (of, _) in _LETTERS.items() if kind in of)


def letter_page(name: str, language: str, record: Record, house: Household) -> str:
    """Return the page. `name`: one of `letters_of` the record's kind."""
    title, paragraphs = _LETTERS[name][1](record, house)[language]
    day = local_moment(house.now_us, house.time_zone)
    date = f"{day.year}年{day.month}月{day.day}日" if language == "ja" else f"{day.day} {day:%B %Y}"
    pledge = name in {"viewer_pledge", "contractor_pledge"}
    signer = str(record.fields.get("name") or "")
    sender = f"{house.operator}\n{house.contact}"
    to = _to(record, house, language, pledge=pledge)
    parts = [
        f'<p lang={language} style="text-align:right">{date if not pledge else ""}<br>{escape(record.number)}</p>',
        f'<p dir="auto" lang={language}>{lined(to)}</p>' if to else "",
        f"<h1 lang={language} style='text-align:center;margin:1.6rem 0'>{escape(title)}</h1>",
        *(f'<p dir="auto" lang={language}>{lined(text)}</p>' for text in paragraphs),
        _signature(language, signer) if pledge else f'<p dir="auto" style="text-align:right">{lined(sender)}</p>',
    ]
    return paper(f"{record.number} - CamGuard", parts, language=language)


def _to(record: Record, house: Household, language: str, *, pledge: bool) -> str:
    if pledge:
        return f"{house.operator} 様" if language == "ja" else f"To {house.operator}"
    whom = str(record.fields.get("from_whom") or "")
    if not whom:
        return ""
    return f"{whom} 様" if language == "ja" else f"To {whom}"


def _signature(language: str, signer: str) -> str:
    date, name = ("日付", "署名又は記名押印") if language == "ja" else ("Date", "Signature")
    person = "氏名・名称" if language == "ja" else "Name"
    return (
        '<table class="blank"><tbody>'
        f"<tr><th>{date}</th><td></td></tr><tr><th>{person}</th><td dir=auto>{escape(signer)}</td></tr>"
        f"<tr><th>{name}</th><td></td></tr></tbody></table>"
    )


def _day(text: object, language: str) -> str:
    year, month, day = str(text).split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日" if language == "ja" else str(text)


def _viewer_pledge(_record: Record, house: Household) -> dict[str, Words]:
    return {
        "ja": (
            "防犯カメラ映像の閲覧に関する誓約書",
            [
                f"私は、{house.operator}が設置する防犯カメラの映像を閲覧するにあたり、次の事項を守ることを誓約します。",
                f"1 映像は、設置目的（{house.purpose}）のためだけに閲覧します。",
                "2 映像から知った情報を、第三者に漏らしません。閲覧する立場でなくなった後も同様とします。",
                "3 画面の撮影や映像の複製をしません。提供の求めを受けたときは、自分で応じずに設置者へ伝えます。",
                "4 自分の利用者名とパスワードを他人に使わせません。",
                "5 閲覧した日時とクリップが台帳に記録されることを承知しています。",
                "6 映像の漏えい又はそのおそれに気付いたときは、直ちに設置者へ知らせます。",
            ],
        ),
        "en": (
            "Pledge on viewing camera footage",
            [
                f"I may view the footage of the security cameras that {house.operator} operates. I pledge:",
                f"1. I view footage for the stated purpose only ({house.purpose}).",
                "2. I tell nobody what I learn from it, also after I am no longer a viewer.",
                "3. I take no picture of the screen and make no copy. Whoever asks me for footage is sent to the operator.",
                "4. I let nobody else use my user name and password.",
                "5. I know that the ledger notes when I viewed which clip.",
                "6. When I notice a leak, or fear one, I tell the operator at once.",
            ],
        ),
    }


def _contractor_pledge(record: Record, house: Household) -> dict[str, Words]:
    task = str(record.fields["task"])
    ends = record.fields["ends_on"]
    ja_end = f"{_day(ends, 'ja')}まで" if ends else "別に定める日まで"
    en_end = f"until {ends}" if ends else "until a day that is agreed"
    return {
        "ja": (
            "防犯カメラ業務の受託に関する誓約書",
            [
                f"当方は、{house.operator}から次の業務を受託するにあたり、「熊谷市家庭用防犯カメラの設置及び運用に関するガイドライン」を"
                "守り、次の事項を誓約します。",
                f"委託内容：{task}\n委託期間：{ja_end}",
                "1 業務に必要な範囲を超えて映像を閲覧し、又は利用しません。",
                "2 映像を複製し、加工し、外部に持ち出し、又は第三者に提供しません。",
                "3 業務上知った情報を漏らしません。委託期間が終わった後も同様とします。",
                "4 再委託をするときは、あらかじめ設置者の承諾を得て、再委託先にもこの誓約を守らせます。",
                "5 委託期間が終わったときは、預かった鍵、媒体及び資料を返却し、又は廃棄して、設置者に報告します。",
                "6 漏えい又はそのおそれがあるときは、直ちに設置者へ知らせ、その指示に従います。",
            ],
        ),
        "en": (
            "Contractor's pledge",
            [
                f"We work for {house.operator} on the security cameras, follow Kumagaya City's guideline on home security"
                " cameras, and pledge:",
                f"Work: {task}\nTerm: {en_end}",
                "1. We view and use footage no further than the work needs.",
                "2. We neither copy, alter or take away footage nor give it to others.",
                "3. We tell nobody what we learn, also after the term has ended.",
                "4. We subcontract only with the operator's consent, and have the subcontractor keep this pledge.",
                "5. When the term ends, we return or destroy keys, media and papers, and report that to the operator.",
                "6. Where there is a leak, or the fear of one, we tell the operator at once and do as told.",
            ],
        ),
    }


def _received(record: Record, _house: Household) -> dict[str, Words]:
    fields = record.fields
    return {
        "ja": (
            "お申出の受付について",
            [
                f"{_day(fields['received_on'], 'ja')}に防犯カメラについてのお申出を受け付けました（受付番号 {record.number}）。",
                f"内容を確認し、{_day(fields['due_on'], 'ja')}までに回答します。お急ぎの場合や補足がある場合は、下記までご連絡ください。",
            ],
        ),
        "en": (
            "Your message was received",
            [
                f"On {fields['received_on']} we received your message about our security camera (number {record.number}).",
                f"We will look into it and answer by {fields['due_on']}. If it is urgent, or if there is more to say,"
                " please write or call.",
            ],
        ),
    }


def _range_changed(record: Record, house: Household) -> dict[str, Words]:
    names = [house.cameras[item] for item in record.fields["cameras"] if item in house.cameras]
    ja, en = "、".join(names) or "防犯カメラ", ", ".join(names) or "our security camera"
    outcome = str(record.fields["outcome"])
    return {
        "ja": (
            "撮影範囲の見直しについて",
            [
                f"お申出（受付番号 {record.number}）を受けて、{ja}の撮影範囲を見直しました。",
                *([outcome] if outcome else []),
                "塗りつぶした部分の映像は、撮影と同時に消えるため、どこにも記録されません。お申出の前に録画した映像は、"
                f"保存期間（{house.retention_days}日間）が過ぎると、復元できない方法で消去します。",
                "引き続きお気付きの点がありましたら、下記までお知らせください。",
            ],
        ),
        "en": (
            "What our camera films was changed",
            [
                f"You wrote to us (number {record.number}). We have changed what {en} films.",
                *([outcome] if outcome else []),
                "What is blanked out never exists in a file: it is filled while filming. What was recorded before your"
                f" message is erased for good when its time of {house.retention_days} days is over.",
                "If there is anything else, please tell us.",
            ],
        ),
    }


def _explained(record: Record, house: Household) -> dict[str, Words]:
    outcome = str(record.fields["outcome"])
    return {
        "ja": (
            "お問合せへの回答",
            [
                f"お問合せ（受付番号 {record.number}）について、次のとおり回答します。",
                *([outcome] if outcome else []),
                f"設置目的は「{house.purpose}」です。映像は暗号化して{house.retention_days}日間保存し、その後は復元できない方法で"
                "消去します。法令に基づく場合、捜査機関から要請を受けた場合、人の生命、身体、健康又は財産を守るために緊急かつやむを得ない"
                "場合のほかは、第三者に提供しません。",
            ],
        ),
        "en": (
            "Our answer",
            [
                f"You asked about our security camera (number {record.number}). This is our answer.",
                *([outcome] if outcome else []),
                f"The camera's purpose is: {house.purpose}. Footage is encrypted, kept for {house.retention_days} days and"
                " then erased for good. It is given to others only under a law, on request of an investigating authority,"
                " or to protect life, body, health or property in an emergency that can't be avoided.",
            ],
        ),
    }


def _access_answer(record: Record, house: Household) -> dict[str, Words]:
    decision, reason = record.fields["decision"], str(record.fields["reason"])
    ja = {
        "shown": "ご請求のあった映像を、ご本人であることを確認したうえでお見せします。日時と場所は、下記までご相談ください。",
        "refused": "ご請求には、次の理由により応じることができません。",
        "nothing_stored": f"ご請求のあった映像は、保存していません。映像は録画から{house.retention_days}日間で消去しています。",
    }.get(decision, "ご請求の内容を確認しています。")
    en = {
        "shown": "We will show you the footage that you asked for, once we know that it is you. Please agree with us on when"
        " and where.",
        "refused": "We can't do what you asked for, for this reason:",
        "nothing_stored": "The footage that you asked for isn't stored. Footage is erased"
        f" {house.retention_days} days after it was recorded.",
    }.get(decision, "We are looking into your request.")
    number = record.number
    return {
        "ja": (
            "映像の開示請求への回答",
            [f"{_day(record.fields['received_on'], 'ja')}に受け付けた開示請求（受付番号 {number}）に回答します。", ja]
            + ([reason] if reason else []),
        ),
        "en": (
            "Our answer to your request to see footage",
            [f"You asked on {record.fields['received_on']} (number {number}). {en}"] + ([reason] if reason else []),
        ),
    }


_COMPLAINT = frozenset({Kind.COMPLAINT})
_LETTERS: dict[str, tuple[frozenset[Kind], Callable[[Record, Household], dict[str, Words]]]] = {
    "viewer_pledge": (frozenset({Kind.PERSON}), _viewer_pledge),
    "contractor_pledge": (frozenset({Kind.CONTRACTOR}), _contractor_pledge),
    "received": (_COMPLAINT | {Kind.ACCESS}, _received),
    "range_changed": (_COMPLAINT, _range_changed),
    "explained": (_COMPLAINT, _explained),
    "access_answer": (frozenset({Kind.ACCESS}), _access_answer),
}
