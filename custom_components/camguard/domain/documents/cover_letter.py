"""README.html of a bundle: the letter to the recipient, how to verify, and the receipt to sign (受領書)."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from ..clip import US_PER_SECOND
from .page import both, facts, heading, paper, points, section

_BASES = {
    "law": ("法令に基づく場合(ガイドライン 2(6)ア)", "Under a law (guideline 2(6)ア)"),
    "investigation": (
        "捜査機関から捜査目的で要請を受けた場合(ガイドライン 2(6)イ)",
        "On request of an investigating authority (guideline 2(6)イ)",
    ),
    "emergency": (
        "人の生命、身体、健康又は財産を守るため、緊急かつやむを得ない場合(ガイドライン 2(6)ウ)",
        "To protect life, body, health or property in an emergency that can't be avoided (guideline 2(6)ウ)",
    ),
}
_REQUESTS = (
    (
        "上記の目的以外には使用しないでください。",
        "Use it for the stated purpose only.",
    ),
    (
        "第三者に見られたり渡ったりしないよう、厳重に保管してください。",
        "Keep it safe from others.",
    ),
    (
        "不要になったときは、消去又は返却し、その旨を設置者へお知らせください。",
        "When it is no longer needed, erase or return it and tell the operator.",
    ),
)
_COMMANDS = """\
sha256sum -c SHA256SUMS
openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig
ssh-keygen -Y verify -f allowed_signers -I camguard -n camguard-export -s manifest.json.sig < manifest.json
python3 verify.py"""
_MAC = "shasum -a 256 -c SHA256SUMS"
_WINDOWS = "certutil -hashfile clip-01.mp4 SHA256"


def cover_letter(manifest: Mapping[str, Any]) -> str:
    """Return the page. `manifest`: what manifest.json holds, without its list of files."""
    parts = [heading("映像データの提供について", "Disclosure of camera footage", manifest["disclosure_id"])]
    parts.append(
        both(
            "設置者は、次の根拠に基づき、防犯カメラの映像データを提供します。",
            "The operator hands out footage of security cameras on the ground stated below.",
        )
    )
    parts.append(_particulars(manifest))
    parts.append(section("内容", "Contents"))
    parts.append(_clips(manifest, hashes=True))
    if any(clip["kind"] == "extract" for clip in manifest["clips"]):
        parts.append(
            both(
                "「抜粋」は、元の録画から必要な時間だけを、キーフレームの位置で再エンコードせずに切り出したものです。手を加えて"
                "いない元の録画のハッシュ値も記載しています。",
                "An “extract” is cut out of a recording at keyframes, without encoding it again. The hash of the untouched"
                " recording is given too.",
            )
        )
    if any(clip["zones"] for clip in manifest["clips"]):
        parts.append(
            both(
                "隣家の窓や道路などのプライバシー領域は、撮影と同時に塗りつぶされています。その部分の映像は初めから存在しません。",
                "Privacy zones (neighbours' windows, the street) were blanked out while filming: what lies in them never"
                " existed in a file.",
            )
        )
    if any(clip["clock_error_us"] for clip in manifest["clips"]):
        parts.append(
            both(
                "「時計のずれ」のある録画では、記載の日時は、録画した時に機器の時計が示していたものです。ずれは、機器の稼働時間"
                "から計算しています。",
                "Where a recording has a “clock error”, the times given are what the system's clock showed when it was"
                " recorded. The error is reckoned from the time that the system was running.",
            )
        )
    parts.append(
        both(
            "録画した後、映像に加工は行っていません。設置者が保管する元の録画は、保存期間を過ぎると消去されます。引き続き必要な"
            "場合は、お早めに設置者へご連絡ください。",
            "The pictures were not altered after recording. The recordings that the operator keeps are erased when their"
            " retention period is over: tell the operator soon if they are needed for longer.",
        )
    )
    parts.append(section("取扱いのお願い", "What the operator asks for"))
    parts.append(points(_REQUESTS))
    parts += _opening(manifest)
    parts += _verifying(manifest)
    parts += _receipt(manifest)
    return paper(f"{manifest['disclosure_id']} - CamGuard", parts)


def _particulars(manifest: Mapping[str, Any]) -> str:
    operator, recipient = manifest["operator"], manifest["recipient"]
    return facts(
        {
            ("提供番号", "Number"): str(manifest["disclosure_id"]),
            ("提供日時", "Date and time"): _plain_time(manifest["created_local"]),
            ("設置者", "Operator"): f"{operator['name']}\n{operator['contact']}",
            ("提供先", "Recipient"): "\n".join(filter(None, (recipient["organization"], recipient["name"]))),
            ("照会番号等", "Their reference"): recipient["request_reference"] or "—",
            ("提供の根拠", "Legal ground"): "\n".join(_BASES.get(manifest["legal_basis"], ("—", ""))),
            ("目的", "Purpose"): str(manifest["purpose"]),
        }
    )


def _clips(manifest: Mapping[str, Any], *, hashes: bool) -> str:
    bodies = []
    for clip in manifest["clips"]:
        kind = "抜粋 · extract" if clip["kind"] == "extract" else "全体 · whole"
        cells = (
            f"<code>{escape(clip['file'])}</code><br>{kind}<br>{clip['size_bytes'] / 1e6:.1f} MB",
            f"{escape(clip['camera'])}<br>{escape(clip['place'])}",
            f"{_time(clip['start_local'])}<br>{_time(clip['end_local'])}{_clock_error(clip['clock_error_us'])}",
        )
        rows = "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        if hashes:
            digests = [("SHA-256", clip["sha256"])]
            if clip["kind"] == "extract":
                digests.append(("元の録画 · whole: SHA-256", clip["whole"]["sha256"]))
            lines = "<br>".join(f'{name} <span class="mono">{escape(digest)}</span>' for name, digest in digests)
            rows += f"<tr><td colspan=3>{lines}</td></tr>"
        bodies.append(f"<tbody>{rows}</tbody>")
    names = ("ファイル<br>File", "カメラ<br>Camera", "開始・終了<br>From, to")
    head = "".join(f"<th>{name}</th>" for name in names)
    return f'<div class="scroll"><table class="clips"><thead><tr>{head}</tr></thead>{"".join(bodies)}</table></div>'


def _clock_error(error_us: int) -> str:
    if not error_us:
        return ""
    days, hours = divmod(round(abs(error_us) / (3600 * US_PER_SECOND)), 24)
    ja, en = ("進み", "ahead") if error_us > 0 else ("遅れ", "behind")
    return f'<br>時計のずれ: {days}日{hours}時間の{ja}<br><span lang="en">Clock error: {days} d {hours} h {en}</span>'


def _plain_time(iso: str) -> str:
    """Return a time as people read it, `2026-11-24 21:00:00 +09:00`; it is in the manifest to the µs."""
    return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M:%S %:z}"


def _time(iso: str) -> str:
    """Return the same as HTML that breaks before the zone only."""
    return " ".join(f'<span class="time">{part}</span>' for part in _plain_time(iso).rsplit(" ", 1))


def _opening(manifest: Mapping[str, Any]) -> list[str]:
    parts = [section("見るには", "To view it")]
    if manifest["form"] == "sealed_zip":
        parts.append(
            both(
                "ZIP ファイルは AES-256 で暗号化されています。7-Zip などで開いてください(Windows の標準機能では開けません)。"
                "パスワードは、電話又は対面でお伝えします。",
                "The ZIP is encrypted with AES-256: open it with 7-Zip, for one (Windows' own Explorer can't). The password"
                " is told by phone or in person.",
            )
        )
    parts.append(
        both(
            "映像は MP4(H.264)です。ほとんどの機器でそのまま再生できます。",
            "The videos are MP4 (H.264), which nearly every player plays.",
        )
    )
    return parts


def _verifying(manifest: Mapping[str, Any]) -> list[str]:
    return [
        section("改ざんされていないことの確認", "To verify that nothing was altered"),
        both(
            "verify.html をブラウザーで開き、このフォルダーを選んでください。次のコマンドでも確認できます。",
            "Open verify.html in a browser and choose this folder. These commands do the same:",
        ),
        f"<pre>{escape(_COMMANDS)}</pre>",
        both(
            "Windows では、PowerShell ではなくコマンドプロンプト(cmd)を使ってください。ハッシュ値は次のコマンドで表示されます。",
            "On Windows use the command prompt (cmd), not PowerShell. A hash is shown by:",
        ),
        f"<pre>{escape(_WINDOWS)}</pre>",
        both("macOS では、sha256sum の代わりに次のコマンドを使ってください。", "On macOS, instead of sha256sum:"),
        f"<pre>{escape(_MAC)}</pre>",
        both(
            "最後に、表示された鍵の指紋(SHA256: で始まる文字列)を、署名した紙の受領書の指紋と見比べてください。この"
            "フォルダーの中のものだけでは、誰が作成したものかを証明できません。",
            "Last, compare the key's fingerprint that they show (it begins with SHA256:) with the one on the signed paper"
            " receipt. Nothing inside this folder can prove by itself who made it.",
        ),
        f'<div class="code long">{escape(str(manifest["fingerprint"]))}</div>',
    ]


def _receipt(manifest: Mapping[str, Any]) -> list[str]:
    operator = manifest["operator"]
    return [
        section("受領書", "Receipt", sheet=True),
        both(
            f"{operator['name']} 様 次の映像データを受領しました。「取扱いのお願い」に従い、適正に取り扱います。",
            f"To {operator['name']}: the footage below was received, and will be handled as asked for.",
        ),
        facts(
            {
                ("提供番号", "Number"): str(manifest["disclosure_id"]),
                ("提供の根拠", "Legal ground"): "\n".join(_BASES.get(manifest["legal_basis"], ("—", ""))),
                ("照会番号等", "Their reference"): manifest["recipient"]["request_reference"] or "—",
                ("目的", "Purpose"): str(manifest["purpose"]),
            }
        ),
        _clips(manifest, hashes=False),
        '<table class="blank"><tbody>'
        "<tr><th>受領日<small lang=en>Received on</small></th><td></td></tr>"
        "<tr><th>所属<small lang=en>Organization</small></th><td></td></tr>"
        "<tr><th>氏名(署名又は記名押印)<small lang=en>Name: signature or seal</small></th><td></td></tr>"
        "</tbody></table>",
        both("鍵の指紋", "Fingerprint of the key"),
        f'<div class="code long">{escape(str(manifest["fingerprint"]))}</div>',
        both(
            "2部印刷し、設置者と受領者がそれぞれ1部を保管してください。",
            "Print it twice: one copy for the operator, one for the recipient.",
        ),
    ]
