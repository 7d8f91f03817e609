"""Papers: self-contained pages in Japanese and English, to read on any screen and to print on A4. Nothing is loaded."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape

from ..bundle import zone_of
from ..clip import US_PER_SECOND

STYLE = """
:root{color-scheme:light dark;--ink:#16202a;--soft:#56626e;--paper:#fff;--back:#eef1f4;--line:#cdd5dc;--mark:#0b5fa5;
--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#a6b2be;--paper:#1b2229;--back:#11161b;--line:#3b4753;
--mark:#6db6f2;--bad:#ff9a90}}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--back);color:var(--ink);
font:16px/1.65 system-ui,"Hiragino Sans","Noto Sans JP","Noto Sans CJK JP","Yu Gothic UI",sans-serif}
main{max-width:50rem;margin:2rem auto;padding:2.2rem;background:var(--paper);border:1px solid var(--line);
border-radius:10px}
h1{font-size:1.5rem;line-height:1.35;margin:0 0 .3rem}
h1 small,h2 small{display:block;font-size:.92rem;color:var(--soft);font-weight:500}
h2{font-size:1.1rem;line-height:1.4;margin:2rem 0 .6rem;padding-top:1rem;border-top:1px solid var(--line)}
p{margin:.7rem 0;text-wrap:pretty}.en{color:var(--soft)}
.id{font-variant-numeric:tabular-nums;color:var(--soft);margin:0 0 1.2rem}
.bad{color:var(--bad);border:2px solid var(--bad);border-radius:8px;padding:.2rem 1rem;font-weight:600}
.note{border-left:4px solid var(--mark);padding:.1rem 0 .1rem 1rem;margin:1.2rem 0}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.95rem}
th,td{border:1px solid var(--line);padding:.45rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;width:11.5rem}th small{display:block;color:var(--soft);font-weight:400}
thead th{width:auto;background:color-mix(in srgb,var(--back) 60%,transparent)}
code,pre,.mono{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{white-space:pre-wrap;background:color-mix(in srgb,var(--back) 70%,transparent);border:1px solid var(--line);
border-radius:6px;padding:.7rem .9rem}
.code{font:600 clamp(1.1rem,5vw,1.8rem)/1.4 ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;
letter-spacing:.03em;text-align:center;border:2px solid var(--mark);border-radius:8px;padding:1rem .5rem;
margin:1.4rem 0;user-select:all;overflow-wrap:anywhere}
.code.long{font-size:clamp(.68rem,2.9vw,1.15rem)}
.clips :is(th,td){overflow-wrap:normal}.clips code,.time{white-space:nowrap}.clips .mono{overflow-wrap:anywhere}
.clips tbody{border-bottom:2px solid var(--line)}
ol,ul{padding-left:1.5rem}li{margin:.45rem 0}.blank td{height:3.2rem}.blank th{width:15rem}
a.button,button{display:inline-block;background:var(--mark);color:var(--paper);text-decoration:none;
padding:.7rem 1.3rem;border:0;border-radius:8px;font:600 1rem/1.3 inherit;cursor:pointer}
label{display:flex;gap:.7rem;align-items:flex-start;margin:1rem 0}
input{margin-top:.4rem;width:1.1rem;height:1.1rem;flex:none}
@media(max-width:34rem){main{margin:0;border:0;border-radius:0;padding:1.3rem}
table.facts,table.facts tbody,table.facts tr,table.facts th,table.facts td{display:block;width:100%;border:0;padding:0}
table.clips,table.clips :is(tbody,tr,td){display:block;border:0;padding:0}table.clips thead{display:none}
table.clips tbody{border-bottom:1px solid var(--line);padding:.6rem 0}.blank th{width:8rem}
table.facts tr{border-bottom:1px solid var(--line);padding:.5rem 0}table.facts th{font-size:.88rem;color:var(--soft)}}
@page{size:A4;margin:16mm}
@media print{:root{--ink:#000;--soft:#444;--paper:#fff;--back:#fff;--line:#999;--mark:#000;--bad:#000}
html{font-size:13px}body{background:#fff;font-size:1rem;line-height:1.55}
main{border:0;margin:0;padding:0;max-width:none}.screen{display:none}
h2{margin:1.3rem 0 .4rem;padding-top:.8rem;break-after:avoid;break-inside:avoid}.sheet{break-before:page;border-top:0}
tr,.code,pre,.clips tbody{break-inside:avoid}}
"""
CSP = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"


def paper(title: str, parts: Iterable[str], *, language: str = "ja") -> str:
    """Return the page; `parts` are HTML, whose values are escaped already."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main>{''.join(parts)}</main></body></html>\n"
    )


def heading(japanese: str, english: str, number: str = "") -> str:
    """Return the title of a paper and its number."""
    title = f"<h1>{escape(japanese)}<small lang=en>{escape(english)}</small></h1>"
    return title + (f'<p class="id">{escape(number)}</p>' if number else "")


def section(japanese: str, english: str, *, sheet: bool = False) -> str:
    """Return a section's title; `sheet`: it begins a new sheet when printed."""
    kind = ' class="sheet"' if sheet else ""
    return f"<h2{kind}>{escape(japanese)}<small lang=en>{escape(english)}</small></h2>"


def both(japanese: str, english: str, *, kind: str = "") -> str:
    """Return a paragraph in both languages."""
    name = f' class="{kind}"' if kind else ""
    return f"<p{name}>{escape(japanese)}<br><span class=en lang=en>{escape(english)}</span></p>"


def points(items: Iterable[tuple[str, str]]) -> str:
    """Return a list in both languages."""
    lines = "".join(f"<li>{escape(ja)}<br><span class=en lang=en>{escape(en)}</span></li>" for ja, en in items)
    return f"<ul>{lines}</ul>"


def facts(rows: Mapping[tuple[str, str], str]) -> str:
    """Return a table of (Japanese, English) names and values; a value may have lines. Values are escaped here."""
    lines = "".join(
        f"<tr><th>{escape(ja)}<small lang=en>{escape(en)}</small></th><td>{lined(value)}</td></tr>"
        for (ja, en), value in rows.items()
    )
    return f'<table class="facts"><tbody>{lines}</tbody></table>'


def lined(text: str) -> str:
    """Return text as HTML, its lines kept."""
    return escape(text).replace("\n", "<br>")


def local_time(time_us: int, time_zone: str) -> str:
    """Return a time as people write it, with its zone."""
    moment = datetime.fromtimestamp(time_us / US_PER_SECOND, zone_of(time_zone))
    return f"{moment:%Y-%m-%d %H:%M:%S} {moment.tzname()} (UTC{moment:%z})"
