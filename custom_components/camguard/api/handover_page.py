"""The page that a disclosure is handed over with; it shows the bundle's password, once."""

from collections.abc import Mapping
from html import escape

from ..domain.documents.page import both, heading, paper


def handover_page(facts: Mapping[str, str], password: str | None) -> str:
    """Return the page that a disclosure is handed over with.

    `facts`: disclosure_id, form, size (MB), minutes (left), link (signed, to the bundle). `password`: None when there is
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
        parts.append(
            both(
                "開くには 7-Zip などが必要です(Windows の標準機能では開けません)。",
                "It opens with 7-Zip, for one; Windows' own Explorer can't open it.",
            )
        )
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
            "同梱の README.html の受領書を印刷し、相手に署名してもらって保管してください。",
            "Print the receipt in the bundle's README.html, have the recipient sign it, and keep it.",
        )
    )
    return paper("提供データの受け渡し - CamGuard", parts)


def _button(facts: Mapping[str, str]) -> str:
    return f'<p class="screen"><a class="button" href="{escape(facts["link"])}">{_size(facts)}</a></p>'


def _size(facts: Mapping[str, str]) -> str:
    return f"ダウンロード · Download ({escape(facts['size'])} MB)"
