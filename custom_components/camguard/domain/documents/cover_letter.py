"""README.html of a bundle: the letter to the recipient, and how to verify. The receipt is a paper of its own."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from ..clip import US_PER_SECOND
from .page import both, facts, heading, paper, points, section

_BASES = {
    "law": (
        "法令に基づく場合(熊谷市家庭用防犯カメラの設置及び運用に関するガイドライン 2(6)ア)",
        "Under a law (Kumagaya City, guideline on home security cameras, 2(6)ア)",
    ),
    "investigation": (
        "捜査機関から捜査目的で要請を受けた場合(熊谷市家庭用防犯カメラの設置及び運用に関するガイドライン 2(6)イ)",
        "On request of an investigating authority (Kumagaya City, guideline on home security cameras, 2(6)イ)",
    ),
    "emergency": (
        "人の生命、身体、健康又は財産を守るため、緊急かつやむを得ない場合(熊谷市家庭用防犯カメラの設置及び運用に関するガイドライン 2(6)ウ)",
        "To protect life, body, health or property in an emergency that can't be avoided (Kumagaya City, guideline on home security cameras, 2(6)ウ)",
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
_SSH = "ssh-keygen -Y verify -f allowed_signers -I camguard -n camguard-export -s SHA256SUMS.sig < SHA256SUMS"
_OPENSSL = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.ed25519"
_LIST = "sha256sum --strict -c SHA256SUMS"
_REST = "ls -A | grep -vxF -f <(cut -c67- SHA256SUMS)"
_MAC = "shasum -a 256 -c SHA256SUMS"
_WINDOWS = "certutil -hashfile clip-01.mp4 SHA256"
_CLIP_RECORD = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in clip-01.json -sigfile clip-01.json.sig"


def cover_letter(manifest: Mapping[str, Any]) -> str:
    """Return the page. `manifest`: what manifest.json holds, without its list of files."""
    parts = [heading("映像データの提供について", "Disclosure of camera footage", manifest["disclosure_id"])]
    parts.append(
        both(
            "設置者は、次の根拠に基づき、防犯カメラの映像データを提供します。",
            "The operator hands out footage of security cameras on the ground stated below.",
        )
    )
    parts.append(particulars(manifest))
    parts.append(section("内容", "Contents"))
    parts.append(clips_table(manifest, hashes=True))
    if any(clip["kind"] == "extract" for clip in manifest["clips"]):
        parts.append(
            both(
                "「抜粋」は、元の録画を再エンコードせずに、キーフレームの位置で切り出したものです。そのため、求められた時間の前後に"
                "2秒程度の映像を含むことがあります。手を加えていない元の録画のハッシュ値も記載しています。",
                "An “extract” is cut out of a recording at keyframes, without encoding it again: it may hold some two seconds"
                " before and after what was asked for. The hash of the untouched recording is given too.",
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
    masked = [clip for clip in manifest["clips"] if clip["zones"]]
    if masked and all(clip["mask_checked"] for clip in masked):
        least = min(clip["mask_checked"] for clip in masked)
        parts.append(
            both(
                f"各録画の完了時に、最初と最後を含む{least}枚以上のコマを復号し、すべての領域が塗りつぶされていることを"
                "確認しています。",
                f"When each recording was finished, {least} or more of its pictures, the first and the last among them,"
                " were decoded, and every zone was found blank.",
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
    parts += _verifying()
    return paper(f"{manifest['disclosure_id']} - CamGuard", parts)


def particulars(manifest: Mapping[str, Any]) -> str:
    """Return a table of who gives what to whom, and why."""
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


def clips_table(manifest: Mapping[str, Any], *, hashes: bool) -> str:
    """Return a table of the videos; `hashes`: with their SHA-256."""
    bodies = []
    for clip in manifest["clips"]:
        kind = "抜粋 · extract" if clip["kind"] == "extract" else "全体 · whole"
        cells = (
            f"<code>{escape(clip['file'])}</code><br>{kind}<br>{clip['size_bytes'] / 1e6:.1f} MB",
            f"{escape(clip['camera'])}<br>{escape(clip['place'])}",
            f"{_time(clip['start_local'])}<br>{_time(clip['end_local'])}{_asked(clip)}{_clock_error(clip['clock_error_us'])}",
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


def _asked(clip: Mapping[str, Any]) -> str:
    """Return what was asked for, when something else is given."""
    asked = clip["asked"]
    if (asked["start_us"], asked["end_us"]) == (clip["start_us"], clip["end_us"]):
        return ""
    return (
        '<br><small>求められた範囲 · <span lang="en">asked for</span>:<br>'
        f"{_time(asked['start_local'])}<br>{_time(asked['end_local'])}</small>"
    )


def _clock_error(error_us: int) -> str:
    if not error_us:
        return ""
    days, hours = divmod(round(abs(error_us) / (3600 * US_PER_SECOND)), 24)
    ja, en = ("進み", "ahead") if error_us > 0 else ("遅れ", "behind")
    return f'<br>時計のずれ: {days}日{hours}時間の{ja}<br><span lang="en">Clock error: {days} d {hours} h {en}</span>'


def _plain_time(iso: str) -> str:
    """Return a time as people read it, to the ms: `2026-11-24 21:00:00.000 +09:00`."""
    moment = datetime.fromisoformat(iso)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03} {moment:%:z}"


def _time(iso: str) -> str:
    """Return the same as HTML that breaks before the zone only."""
    return " ".join(f'<span class="time">{part}</span>' for part in _plain_time(iso).rsplit(" ", 1))


def opening(form: str) -> list[tuple[str, str]]:
    """Return how a bundle is opened, in both languages."""
    if form != "sealed_zip":
        return []
    return [
        (
            "ZIP ファイルは AES-256 で暗号化されています。Windows では 7-Zip(7-zip.org)、macOS では Keka、Linux では 7z で開けます。"
            "Windows のエクスプローラー、macOS の標準機能、unzip では開けません。",
            "The ZIP is encrypted with AES-256. It opens with 7-Zip (7-zip.org) on Windows, Keka on macOS, 7z on Linux; not"
            " with Windows' Explorer, macOS' own Archive Utility, or unzip.",
        ),
        (
            "パスワードは、電話又は対面でお伝えします。まずフォルダーに展開してから、中の README.html を開いてください。",
            "The password is told by phone or in person. Unpack it into a folder first, then open README.html in there.",
        ),
    ]


def _opening(manifest: Mapping[str, Any]) -> list[str]:
    parts = [section("見るには", "To view it")]
    parts += [both(*words) for words in opening(manifest["form"])]
    parts.append(
        both(
            "映像は MP4(H.264)です。ほとんどの機器でそのまま再生できます。",
            "The videos are MP4 (H.264), which nearly every player plays.",
        )
    )
    return parts


def _verifying() -> list[str]:
    return [
        section("改ざんされていないことの確認", "To verify that nothing was altered"),
        both(
            "お手元の標準的なツールだけで確認できます。このフォルダーに入っているものだけでは、誰が作成したかを証明できません。"
            "確かな根拠になるのは、署名した紙の受領書です。",
            "Common tools of your own are enough. Nothing inside this folder can prove by itself who made it: what can be"
            " relied on is the signed paper receipt.",
        ),
        both(
            "1. 一覧(SHA256SUMS)の署名を確認し、表示された鍵の指紋(SHA256: で始まる文字列)を受領書の指紋と見比べます"
            "(OpenSSH 8.1 以降)。",
            "1. Check the signature of the list (SHA256SUMS), and compare the fingerprint that is shown (it begins with"
            " SHA256:) with the one on the receipt (OpenSSH 8.1 or later):",
        ),
        f"<pre>{escape(_SSH)}</pre>",
        both(
            "OpenSSL 3.0 以降でも署名を確認できますが、指紋は表示されません(macOS の LibreSSL には -rawin がありません)。"
            "受領書には SHA256SUMS 自体のハッシュ値も記載されています。",
            "OpenSSL 3.0 or later checks it too, but shows no fingerprint (LibreSSL, on macOS, has no -rawin). The receipt"
            " bears the hash of SHA256SUMS itself as well:",
        ),
        f"<pre>{escape(_OPENSSL)}\nsha256sum SHA256SUMS</pre>",
        both(
            "2. すべてのファイルを、署名された一覧と照合します。",
            "2. Check every file against the signed list:",
        ),
        f"<pre>{escape(_LIST)}</pre>",
        both(
            "macOS では shasum、Windows ではコマンドプロンプト(cmd)の certutil を使い、表示された値を SHA256SUMS の該当行と"
            "見比べてください。",
            "On macOS use shasum. On Windows use certutil in the command prompt (cmd), and compare what it shows with the"
            " file's line in SHA256SUMS:",
        ),
        f"<pre>{escape(_MAC)}\n{escape(_WINDOWS)}</pre>",
        both(
            "3. 一覧にないファイルは、提供されたものではありません。次のコマンドで表示されるのは SHA256SUMS とその署名の3つだけ"
            "です(bash)。",
            "3. A file that isn't on the list wasn't handed out. This shows SHA256SUMS and its two signatures, and nothing"
            " else (bash):",
        ),
        f"<pre>{escape(_REST)}</pre>",
        both(
            "各クリップには、録画したときに署名された記録書があります。",
            "Each clip has a record that was signed when it was recorded:",
        ),
        f"<pre>{escape(_CLIP_RECORD)}</pre>",
        both(
            "同梱の verify.html(ブラウザー)と verify.py(Python。Windows では py verify.py)は、これらに加えて台帳との一致も"
            "確認します。改ざんされたフォルダーでは、これらも改ざんされているおそれがあります。公開されているもの"
            "(github.com/camguard/camguard)を使うか、ハッシュ値を受領書と見比べてください。フォルダーの選択時にブラウザーが"
            "アップロードについて確認を求めることがありますが、ファイルが端末の外に送信されることはありません。",
            "verify.html (any browser) and verify.py (Python; on Windows: py verify.py) check the ledger as well. In an"
            " altered folder they may be altered too: take the published ones (github.com/camguard/camguard), or compare"
            " their hashes with the receipt. A browser may ask whether to upload the folder; nothing leaves the device.",
        ),
        "<pre>python3 verify.py</pre>",
    ]
