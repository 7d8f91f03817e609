"""The page that a disclosure is handed over with; it shows the bundle's password, once."""

from collections.abc import Mapping
from html import escape

from ..domain.documents.cover_letter import opening
from ..domain.documents.page import both, heading, paper, section


def handover_page(facts: Mapping[str, str], password: str | None) -> str:
    """Return the page that a disclosure is handed over with.

    `facts`: disclosure_id, form, size (MB), minutes (left), recipient, operator; link and receipt (signed). `password`: None when there is
    none, or when it was shown before.
    """
    parts = [heading("提供データの受け渡し", "Handing over the disclosure", facts["disclosure_id"])]
    if facts["form"] == "sealed_zip":
        if password is None:
            parts.append(
                both(
                    "パスワードはすでに一度表示されました。控えがない場合は、もう一度提供の手続きを行ってください。",
                    "The password was shown once already. If nobody noted it, export again.",
                )
            )
        else:
            parts.append(
                both(
                    "パスワードはこの画面に一度だけ表示されます。今すぐ書き留めて、電話または対面で相手に伝えてください。"
                    "ファイルと一緒に送らないでください。",
                    "This password is shown once, here. Note it now, and tell it to the recipient by phone or in person,"
                    " never together with the file.",
                )
            )
            parts.append(f'<div class="code" id="password">{escape(password)}</div>')
        parts.append(_button(facts))
    else:
        parts.append(
            both(
                "このファイルは暗号化されていません。相手の媒体(USB メモリーなど)に直接保存し、この端末に残さないでください。",
                "This file is not encrypted. Save it straight onto the recipient's medium, and leave no copy here.",
            )
        )
        target, _, query = facts["link"].partition("?")
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, _, value in (pair.partition("=") for pair in query.split("&"))
        )
        parts.append(
            f'<form class="screen" action="{escape(target)}" method="get">{hidden}<label><input type="checkbox" required>'
            "<span>暗号化されていないことを理解し、相手の媒体に直接保存します。<br>"
            '<span class="en">I understand that it is not encrypted, and save it straight onto the recipient\'s medium.'
            f"</span></span></label><button>{_size(facts)}</button></form>"
        )
    parts.append(
        both(
            f"あと {facts['minutes']} 分間は、途中で切れた場合に再度ダウンロードできます。ダウンロードはすべて台帳に"
            "記録されます。",
            f"A download that breaks off can be repeated for {facts['minutes']} more minutes. Each one is noted in"
            " the ledger.",
        )
    )
    parts.append(
        both(
            "受領書を2部印刷し、双方が署名してそれぞれ1部を保管してください。相手が後から改ざんの有無を確かめる根拠になるのは、"
            "この紙だけです。",
            "Print the receipt twice; both sign, and each keeps one. Later it is the only thing by which the recipient can"
            " tell that nothing was altered.",
        )
    )
    parts.append(
        f'<p class="screen"><a class="button" href="{escape(facts["receipt"])}" target="_blank" rel="noopener">'
        "受領書 · Receipt</a></p>"
    )
    if facts["form"] == "sealed_zip":
        parts += _mail(facts)
    return paper("提供データの受け渡し - CamGuard", parts)


def _mail(facts: Mapping[str, str]) -> list[str]:
    """Return words for the mail that the file is sent with: how it is opened is explained inside it only."""
    ja, en = zip(*opening(facts["form"]), strict=True)
    text = "\n".join(
        (
            f"{facts['recipient']} 様",
            "",
            f"防犯カメラの映像データ({facts['disclosure_id']}.zip)をお送りします。",
            *ja,
            "",
            f"This is the footage of security cameras ({facts['disclosure_id']}.zip).",
            *en,
            "",
            facts["operator"],
        )
    )
    return [
        section("ファイルを送るときの文面", "Words for the mail that goes with it"),
        f"<pre>{escape(text)}</pre>",
    ]


def _button(facts: Mapping[str, str]) -> str:
    return f'<p class="screen"><a class="button" href="{escape(facts["link"])}">{_size(facts)}</a></p>'


def _size(facts: Mapping[str, str]) -> str:
    return f"ダウンロード · Download ({escape(facts['size'])} MB)"
