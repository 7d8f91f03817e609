"""The erasure certificate in Chromium: desktop and phone, light and dark, and printed on A4. Needs no Home Assistant.

Screenshots and prints go to .build/screenshots/.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from custom_components.camguard.domain.certificate import Certificate
from custom_components.camguard.domain.documents.certificate_page import certificate_page

from ..domain.test_certificate import certificate, medium
from .looks import SCREENSHOTS

MANY = tuple(f"{number:032x}" for number in range(1_000))
FLASH = {
    "device": "mmcblk0", "device_type": "SD", "vendor": "manfid 0x000003 oemid 0x5344", "model": "SC32G",
    "serial": "0x1234abcd", "size_bytes": 31_914_983_424, "is_flash": True, "mount_point": "/",
}  # fmt: skip
PLAIN = certificate(
    wiped=MANY,
    open_attempts_failed=len(MANY),
    protection="same_medium",
    media=tuple(
        medium(role, **FLASH, path=path, discard_requested=discard)
        for role, path, discard in (
            ("clips", "/config/.cache/camguard/clips", True),
            ("keys", "/config/.cache/camguard/keys", True),
            ("root_key", "/config/.cache/camguard", None),
            ("ledger", "/config/camguard", None),
        )
    ),
)
TROUBLED = certificate(
    operator="株式会社熊谷見守りサービス 防犯カメラ運用管理責任者 佐藤花子",
    reason="保存期間が満了し、" * 55 + "以上。",
    scope_detail="玄関 " + "camera.front_door_facing_the_gate" * 3,
    wiped=MANY[:3],
    open_attempts_failed=3,
    failed=MANY[3:5],
    remnants=MANY[:1],
    skipped_held=MANY[5:7],
    skipped_running=MANY[7:8],
    include_held=True,
    keys_not_overwritten=1,
    keys_unconfirmed=2,
    root_rotated=False,
    protection="unknown",
    known_kits=("20261124T120000Z-0a1b", "20261125T120000Z-2c3d"),
    kits_destroyed=("20261124T120000Z-0a1b",),
    known_disclosures=("CG-2026-0001", "CG-2026-0002"),
    media=(
        medium("clips", kind="network", filesystem="cifs", device="", mount_point="/media/nas", path="/media/nas/camguard"),
        medium("keys", kind="copy_on_write", filesystem="btrfs", device="nvme0n1, sdb", device_type="NVMe, USB",
               model="KINGSTON SNV2S1000G, Ultra Fit", serial="50026B7785123456, 4C530001", is_flash=True,
               encrypted_below=True, mount_point="/", path="/config/.cache/camguard/keys"),
        medium("root_key", present=False, kind="unknown", device="", filesystem="", path="/media/usb/" + "long-name-" * 12),
        medium("ledger", device="sda", rotational=True, mount_point="/config", path="/config/camguard"),
    ),
)  # fmt: skip
PAPERS = {"plain": PLAIN, "troubled": TROUBLED, "unbroken": certificate(reason="x" * 500, operator="<script>" * 20)}
PAGES = {"plain": 4, "troubled": 6, "unbroken": 5}
"""How many sheets each may take."""
LOOKS = [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")]


def shown(page: Page, one: Certificate, folder: Path) -> Page:
    path = folder / "certificate.html"
    path.write_text(certificate_page(one, fingerprint="SHA256:" + "kQ3/" * 10 + "abc", signature="ab" * 64), "utf-8")
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize(("device", "scheme"), LOOKS)
@pytest.mark.parametrize("name", PAPERS)
def test_on_a_screen(browser: Browser, tmp_path: Path, name: str, device: str, scheme: str) -> None:
    phone = device == "phone"
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        is_mobile=phone,
        locale="ja-JP",
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    shown(page, PAPERS[name], tmp_path)
    if name != "plain":  # there it is a thousand ids
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    wide = page.evaluate(
        """[...document.querySelectorAll('main *')].filter(node => node.scrollWidth > node.clientWidth + 1
          && getComputedStyle(node).display !== 'inline').map(node => node.outerHTML.slice(0, 80))"""
    )
    assert wide == []
    assert page.locator("h1").inner_text().startswith("消去証明書")
    assert page.locator("h1").count() == 1
    ink, paper = page.evaluate(
        "(style => [style.color, style.backgroundColor])(getComputedStyle(document.querySelector('main')))"
    )
    assert contrast(ink, paper) >= 7
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"certificate-{name}-{device}-{scheme}.png", full_page=True)
    assert errors == []
    context.close()


def contrast(one: str, other: str) -> float:
    """Return the contrast of two CSS colours (WCAG)."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PAPERS)
def test_on_paper(browser: Browser, tmp_path: Path, name: str) -> None:
    """It fits on A4, black on white also in dark mode, and nothing of it is lost."""
    context = browser.new_context(color_scheme="dark", locale="ja-JP")
    page = shown(context.new_page(), PAPERS[name], tmp_path)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    pdf = SCREENSHOTS / f"certificate-{name}.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    # A4 less the margins of 16 mm, at 96 dpi
    page.set_viewport_size({"width": round((210 - 2 * 16) / 25.4 * 96), "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(0, 0, 0)"
    context.close()
    if shutil.which("pdfinfo") is None or shutil.which("pdftotext") is None:
        pytest.skip("no poppler-utils here: the PDF wasn't looked into")
    about = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert "A4" in about
    pages = re.search(r"Pages:\s+(\d+)", about)
    assert pages
    assert int(pages[1]) <= PAGES[name]
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    for words in ("消去証明書", "CW-2026-0001", "媒体を廃棄するとき", "署名又は記名押印", "openssl"):
        assert words in text
