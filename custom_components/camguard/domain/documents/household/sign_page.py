"""The sign (guideline 2(3): 設置の表示), to print: A4, A5 or a sticker; Japanese, English or both.

Black on yellow is what is seen from the street and by eyes that see no colours; the pictogram is our own drawing.
"""

from dataclasses import dataclass
from html import escape

from ..page import CSP

SIZES = ("a4", "a5", "sticker")
LANGUAGES = ("ja", "en", "both")
VARIANTS = ("home", "shop", "shared")
_SHEETS = {"a4": "A4", "a5": "A5", "sticker": "100mm 100mm"}
_WIDTHS = {"a4": "210mm", "a5": "148mm", "sticker": "100mm"}
_HEIGHTS = {"a4": "297mm", "a5": "210mm", "sticker": "100mm"}
_TITLE = {"ja": "防犯カメラ作動中", "en": "Security camera in operation"}
_WHERE = {
    "home": {"ja": "この敷地を撮影・録画しています。", "en": "These premises are filmed and recorded."},
    "shop": {
        "ja": "店舗とその敷地を撮影・録画しています。",
        "en": "This shop and its premises are filmed and recorded.",
    },
    "shared": {
        "ja": "共用部分を撮影・録画しています。",
        "en": "The shared parts of this property are filmed and recorded.",
    },
}
_NAMES = {
    "operator": {"ja": "設置者", "en": "Operator"},
    "purpose": {"ja": "設置目的", "en": "Purpose"},
    "retention": {"ja": "保存期間", "en": "Kept for"},
    "contact": {"ja": "連絡先", "en": "Contact"},
    "more": {"ja": "詳しくはこちら", "en": "More"},
}
_STYLE = """
*{box-sizing:border-box}html,body{margin:0;padding:0}
body{font-family:system-ui,"Hiragino Sans","Noto Sans JP","Noto Sans CJK JP","Yu Gothic UI",sans-serif;color:#111;
background:#fff;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.sign{--u:calc(var(--w)/100);width:var(--w);height:var(--h);margin:0 auto;padding:calc(4*var(--u));display:flex;
flex-direction:column;overflow:hidden;background:#fff}
.board{flex:1;min-height:0;border:calc(1.2*var(--u)) solid #111;border-radius:calc(3*var(--u));overflow:hidden;
display:flex;flex-direction:column}
.head{background:#ffd400;padding:calc(4*var(--u)) calc(4*var(--u)) calc(3*var(--u));text-align:center}
.head svg{width:calc(var(--pic)*var(--u));height:auto;display:block;margin:0 auto calc(2*var(--u))}
h1{margin:0;font-size:calc(9.6*var(--u));line-height:1.15;font-weight:800;text-wrap:balance}
h1 + h1{font-size:calc(5.2*var(--u));font-weight:700;margin-top:calc(1*var(--u))}
h1[lang=en]:first-of-type{font-size:calc(7.6*var(--u))}
.body{position:relative;flex:1;min-height:0;padding:calc(4*var(--u)) calc(5*var(--u));display:flex;flex-direction:column;
gap:calc(2.4*var(--u));font-size:calc(4.1*var(--u));line-height:1.4}.body dl{font-size:calc(var(--t)*1em)}
.where p{margin:0;font-weight:600}.where p + p,small{font-weight:500;color:#333}
dl{margin:0;display:grid;grid-template-columns:max-content 1fr;gap:calc(1.6*var(--u)) calc(4*var(--u));
border-top:calc(.4*var(--u)) solid #111;padding-top:calc(2.4*var(--u))}
dt{font-weight:600}dt small{display:block;font-size:.72em;line-height:1.2}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
.foot{position:absolute;right:calc(4*var(--u));bottom:calc(3*var(--u))}
.foot figure{margin:0;text-align:center;font-size:.58em}.foot svg{width:calc(var(--qr)*var(--u));display:block;margin:0 auto}
.sticker{--pic:26;--qr:19}.sticker .sign{padding:calc(2.5*var(--u))}
.sticker .head{padding:calc(2*var(--u));display:grid;grid-template-columns:auto 1fr;align-items:center;
gap:0 calc(3*var(--u));text-align:left}.sticker .head svg{grid-row:1/span 2;margin:0;width:calc(21*var(--u))}
.sticker h1{font-size:calc(7.6*var(--u))}.sticker h1 + h1{font-size:calc(4.4*var(--u))}
.sticker h1[lang=en]:first-of-type{font-size:calc(6.2*var(--u))}
.sticker .body{font-size:calc(3.5*var(--u));padding:calc(2.6*var(--u)) calc(3.4*var(--u));gap:calc(1.6*var(--u));
line-height:1.3}.sticker dl{gap:calc(1*var(--u)) calc(2.6*var(--u));padding-top:calc(1.6*var(--u))}
.coded dl{margin-right:calc((var(--qr) + 2)*var(--u));border-top:0;padding-top:0}
.sticker .foot{right:calc(3*var(--u));bottom:calc(2.4*var(--u))}
:is(.a4,.a5) dl{flex:1;align-content:space-evenly}.a4,.a5{--pic:40;--qr:20}:is(.a4,.a5).two{--pic:30;--qr:17}
"""
_LONG = {"a4": 60, "a5": 60, "sticker": 36}
"""Wide characters of the facts together from which on their letters are smaller, so that all is on the sheet."""
_CAMERA = (
    '<svg viewBox="0 0 120 78" role="img" aria-label="CCTV"><g fill="#111">'
    '<path d="M8 22 L86 4 Q92 2.600 94 8.500 L100 28 Q102 34 96 36 L28 54 Q22 55.500 20 50 L8 30 Q5 24 8 22 Z"/>'
    '<path d="M98 9.500 L110 6.500 Q113 6 114 9 L118 23 Q118.600 26 116 27 L104 30.500 Z"/>'
    '<path d="M6 44 H14 V74 H6 Z"/><path d="M14 56 H30 L38 48 L45 55 L35 65 Q33.500 66.500 31 66.500 H14 Z"/></g>'
    '<circle cx="82" cy="21" r="8.500" fill="#ffd400"/><circle cx="82" cy="21" r="4" fill="#111"/>'
    '<path d="M22 29 L58 20.500" stroke="#ffd400" stroke-width="3.500" stroke-linecap="round" fill="none"/></svg>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a sign says, and how it is printed."""

    size: str
    language: str
    variant: str
    operator: str
    purpose: str
    contact: str
    retention_days: int
    url: str
    """Where the code leads to; empty: there is none."""
    code: str
    """The code as an SVG path of modules of 1 by 1, and its `code_size`; empty: there is none."""
    code_size: int


def sign_page(sign: Sign) -> str:
    """Return the page, self-contained, of one sheet."""
    languages = ("ja", "en") if sign.language == "both" else (sign.language,)
    first = languages[0]

    def name(key: str) -> str:
        other = "".join(f"<small lang={one}>{_NAMES[key][one]}</small>" for one in languages[1:])
        return f"<dt lang={first}>{_NAMES[key][first]}{other}</dt>"

    days = {"ja": f"{sign.retention_days}日間", "en": f"{sign.retention_days} days"}
    rows = (
        ("operator", sign.operator),
        ("purpose", sign.purpose),
        ("retention", " / ".join(days[one] for one in languages)),
        ("contact", sign.contact),
    )
    head = "".join(f"<h1 lang={one}>{_TITLE[one]}</h1>" for one in languages)
    where = "".join(f"<p lang={one}>{_WHERE[sign.variant][one]}</p>" for one in languages)
    facts = "".join(f'{name(key)}<dd dir="auto">{escape(value)}</dd>' for key, value in rows)
    roomy = sign.size != "sticker" and len(languages) == 1 and not sign.code
    letters = min(1.3 if roomy else 1.0, (_LONG[sign.size] / max(sum(_width(value) for _, value in rows), 1)) ** 0.5)
    kinds = " ".join(filter(None, (sign.size, "coded" if sign.code else "", "two" if len(languages) > 1 else "")))
    width, height = _WIDTHS[sign.size], _HEIGHTS[sign.size]
    sheet = (
        f"@page{{size:{_SHEETS[sign.size]};margin:0}}body{{--w:{width};--h:{height};--t:{letters:.2f}}}"
        f"@media screen and (min-width:calc({width} + 2rem)){{body{{background:#e6e9ec;padding:1rem}}"
        ".sign{box-shadow:0 1mm 5mm #0004}}"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{first}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{_TITLE[first]}</title><style>{_STYLE}{sheet}</style></head>\n"
        f'<body class="{kinds}"><div class="sign"><div class="board"><div class="head">{_CAMERA}{head}</div>'
        f'<div class="body"><div class="where">{where}</div><dl>{facts}</dl>{_code(sign, languages)}</div></div></div>'
        "</body></html>\n"
    )


def _width(text: str) -> float:
    """Return how much room a text takes, in wide characters; a new line leaves the rest of its own empty."""
    return sum(8 if letter == "\n" else 1 if letter >= "\u2e80" else 0.55 for letter in text)


def _code(sign: Sign, languages: tuple[str, ...]) -> str:
    if not sign.code:
        return ""
    words = "<br>".join(_NAMES["more"][one] for one in languages)
    return (
        f'<div class="foot"><figure><svg viewBox="0 0 {sign.code_size} {sign.code_size}" role="img" '
        f'aria-label="{escape(sign.url)}" shape-rendering="crispEdges"><path fill="#111" d="{sign.code}"/></svg>'
        f"<figcaption>{words}</figcaption></figure></div>"
    )
