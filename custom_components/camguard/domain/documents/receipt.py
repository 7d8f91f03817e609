"""The receipt of a disclosure (受領書): the one paper that says whose bundle it was. Printed twice, signed by both.

It isn't in the bundle: what came with the files can't vouch for them (guideline 2(6), issue 16 §3).
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from .cover_letter import clips_table, particulars
from .page import both, facts, heading, paper, points, section

_CHECKS = (
    (
        "提供番号、提供先、カメラ、日時、ファイルが、確認した目録(manifest.json)と同じであること。",
        "Number, recipient, cameras, times and files are those of the manifest.json that was verified.",
    ),
    (
        "表示された鍵の指紋が、下の指紋と同じであること。",
        "The key's fingerprint that is shown is the one below.",
    ),
    (
        "verify.html または verify.py を使う場合は、そのハッシュ値が下の値と同じであること。",
        "If verify.html or verify.py are used: their hashes are the ones below.",
    ),
)


def receipt_page(receipt: Mapping[str, Any]) -> str:
    """Return the page. `receipt`: what manifest.json holds, `fingerprint`, `list_sha256`, `tools` (hashes by name)."""
    operator = receipt["operator"]
    tools = "\n".join(f"{name}  {digest}" for name, digest in sorted(receipt["tools"].items()))
    parts = [
        heading("受領書", "Receipt", str(receipt["disclosure_id"])),
        both(
            f"{operator['name']} 様 次の映像データを受領しました。「取扱いのお願い」に従い、適正に取り扱います。",
            f"To {operator['name']}: the footage below was received, and will be handled as asked for.",
        ),
        particulars(receipt),
        clips_table(receipt, hashes=False),
        _signatures(),
        section("照合", "What is to be compared"),
        points(_CHECKS),
        both("鍵の指紋", "Fingerprint of the key"),
        f'<div class="code long" id="fingerprint">{escape(str(receipt["fingerprint"]))}</div>',
        facts(
            {
                ("SHA256SUMS のハッシュ値(SHA-256)", "SHA-256 of SHA256SUMS"): str(receipt["list_sha256"]),
                ("確認ツールのハッシュ値(SHA-256)", "SHA-256 of the tools"): tools,
            }
        ),
        both(
            "2部印刷し、設置者と受領者がそれぞれ1部を保管してください。",
            "Print it twice: one copy for the operator, one for the recipient.",
        ),
    ]
    return paper(f"{receipt['disclosure_id']} - CamGuard", parts)


def _signatures() -> str:
    return (
        '<table class="blank"><tbody>'
        "<tr><th>受領日<small lang=en>Received on</small></th><td></td></tr>"
        "<tr><th>受領者(署名又は記名押印)<small lang=en>Recipient: signature or seal</small></th><td></td></tr>"
        "<tr><th>設置者(署名又は記名押印)<small lang=en>Operator: signature or seal</small></th><td></td></tr>"
        "</tbody></table>"
    )
