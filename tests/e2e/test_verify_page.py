"""What a recipient sees: verify.html and README.html of a real bundle, opened from a folder, in Chromium and on paper.

No Home Assistant runs here, and nothing is asked of the network.
"""

import asyncio
import base64
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from custom_components.camguard.domain.bundle import Form
from custom_components.camguard.domain.documents.receipt import receipt_page
from custom_components.camguard.vault.sealed import SealedWriter

from ..app.bundles import NOW, Bundle, Desk, unpack
from ..vault.clips import manifest_of
from .looks import SCREENSHOTS

LOOKS = [("light", False), ("dark", True), ("light", True), ("dark", False)]
GOOD = [
    "フォルダーの内容",
    "一覧(SHA256SUMS)の署名",
    "署名された一覧",
    "目録(manifest.json)の内容",
    "記録書の署名",
    "台帳の記録",
]


def put(desk: Desk, minutes: int, content: bytes) -> str:
    """Store a clip of a camera with a Japanese name."""
    manifest = manifest_of("camera", NOW - timedelta(minutes=minutes), content, seconds=42)
    manifest = replace(manifest, camera_name="玄関カメラ", place="玄関前(門の方向)", operator="星川町内会")
    clip_id = manifest.clip.clip_id
    identity, _ = desk.vault.prepare(clip_id)
    with desk.vault.paths.clip(clip_id).open("wb") as file, SealedWriter(file, identity.recipient) as sealed:
        sealed.write(content)
    desk.vault.store(manifest, manifest.clip.end_us)
    return clip_id


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle of two clips, one of them longer than what the page reads at once."""
    folder = tmp_path_factory.mktemp("bundle")

    async def make() -> Bundle:
        desk = Desk.begin(folder / "config")
        try:
            clips = [put(desk, 20, bytes(range(256)) * 40_000), put(desk, 5, b"clip " * 40_000)]
            offer = await desk.export(*clips, form=Form.SEALED_ZIP)  # type: ignore[arg-type]
            made = unpack(await desk.fetch(offer), folder / "recipient", offer)
            (made.folder.parent / "receipt.html").write_text(receipt_page(offer.receipt), "utf-8")
            return made
        finally:
            desk.vault.close()

    # The browser's driver runs a loop in this thread.
    bundle: list[Bundle] = []
    thread = threading.Thread(target=lambda: bundle.append(asyncio.run(make())))
    thread.start()
    thread.join()
    return bundle[0]


@pytest.fixture
def bundle(original: Bundle, tmp_path: Path) -> Bundle:
    shutil.copy(original.folder.parent / "receipt.html", tmp_path)
    return original.copy(tmp_path)


def opened(browser: Browser, path: Path, scheme: str = "light", *, phone: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": 412, "height": 860} if phone else {"width": 1280, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="ja-JP",
        is_mobile=phone,
        has_touch=phone,
        device_scale_factor=2 if phone else 1,
    )
    page = context.new_page()
    page.errors = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda line: page.errors.append(line.text) if line.type == "error" else None)  # type: ignore[attr-defined]
    page.on("request", lambda request: page.errors.append(request.url) if not local(request.url) else None)  # type: ignore[attr-defined]
    page.goto(path.as_uri())
    return page


def local(url: str) -> bool:
    return url.startswith(("file:", "blob:", "data:"))


@pytest.fixture
def page(browser: Browser, bundle: Bundle) -> Iterator[Page]:
    page = opened(browser, bundle.folder / "verify.html")
    yield page
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def choose(page: Page, folder: Path, way: str = "folder") -> str:
    """Choose the folder, or all its files; returns the result's class once it is there."""
    if way == "folder":
        page.set_input_files("#folder", str(folder))
    else:
        page.set_input_files("#files", [str(path) for path in folder.iterdir()])
    page.locator("#result").wait_for(timeout=30_000)
    return page.locator("#result").get_attribute("class") or ""


def states(page: Page) -> list[str]:
    return [item.get_attribute("class") or "" for item in page.locator("#checks li").all()]


def shoot(page: Page, name: str, *, whole: bool = True) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0, "nothing is wider than the screen"


def flip(bundle: Bundle, name: str) -> None:
    bundle.flip(name, min(60, (bundle.folder / name).stat().st_size - 1))


@pytest.mark.parametrize("way", ["folder", "files"])
def test_everything_fits(page: Page, bundle: Bundle, way: str) -> None:
    assert choose(page, bundle.folder, way) == "good"
    assert states(page) == ["good"] * 6
    words = page.locator("main").inner_text()
    for japanese, english in zip(
        GOOD,
        ("Reading the folder", "Signature of the list", "signed list", "manifest", "record", "ledger"),
        strict=True,
    ):
        assert japanese in words
        assert english in words
    assert "すべて一致しました" in words
    assert "Everything fits" in words
    assert page.locator("#fingerprint").inner_text() == bundle.fingerprint()
    for told in ("CG-2026-0001", "星川町内会", "熊谷警察署 刑事課", "鈴木一郎", "玄関前(門の方向)", "clip-02.mp4"):
        assert told in words


WRONG = {
    "clip-01.mp4": [2],
    "clip-02.mp4": [2],
    "clip-01.json": [2, 4],
    "clip-02.json.sig": [2, 4],
    "SHA256SUMS.ed25519": [1],
    "SHA256SUMS.sig": [1],
    "ledger-extract.txt": [2, 5],
    "ledger-entries.jsonl": [2, 5],
    "README.html": [2],
    "allowed_signers": [1, 2],
    "verify.py": [2],
}


def test_one_flipped_byte_anywhere_is_noticed(page: Page, original: Bundle, tmp_path: Path) -> None:
    for name, failing in WRONG.items():
        changed = original.copy(tmp_path / name)
        flip(changed, name)
        assert choose(page, changed.folder) == "bad", name
        assert [number for number, state in enumerate(states(page)) if state == "bad"] == failing, name
        assert name in page.locator("#checks").inner_text()
        assert page.locator("#facts").is_hidden(), "no fingerprint to rely on"
    for name in ("manifest.json", "public-key.pem", "SHA256SUMS"):
        changed = original.copy(tmp_path / name)
        flip(changed, name)
        assert choose(page, changed.folder) == "bad", name
    assert "Something does not fit" in page.locator("#result").inner_text()
    assert "改ざん" in page.locator("#result").inner_text()
    assert choose(page, original.folder) == "good", "the same page, the right folder"


def test_missing_and_added_files_are_noticed(page: Page, original: Bundle, tmp_path: Path) -> None:
    for name in sorted(original.names()):
        changed = original.copy(tmp_path / name)
        (changed.folder / name).unlink()
        assert choose(page, changed.folder) == "bad", name
    changed = original.copy(tmp_path / "added")
    (changed.folder / "clip-03.mp4").write_bytes(b"made up")
    (changed.folder / "deeper").mkdir()
    (changed.folder / "deeper" / "clip-01.mp4").write_bytes(b"made up")
    assert choose(page, changed.folder) == "bad"
    words = page.locator("#checks").inner_text()
    assert "clip-03.mp4" in words
    assert "deeper/clip-01.mp4" in words


def test_folders_as_people_choose_them(page: Page, original: Bundle, tmp_path: Path) -> None:
    """The folder around the folder, with the archive beside it, and what systems leave in it."""
    changed = original.copy(tmp_path / "out" / "CG-2026-0001")
    (tmp_path / "out" / "CG-2026-0001.zip").write_bytes(b"PK")
    (changed.folder / "._x").mkdir()
    for name in (".DS_Store", "._clip-01.mp4", "Thumbs.db", "desktop.ini", "._x/y"):
        (changed.folder / name).write_bytes(b"\0")
    assert choose(page, tmp_path / "out") == "good"
    assert "._x/y" in page.locator("#ignored").inner_text()
    page.set_input_files("#files", [str(tmp_path / "out" / "CG-2026-0001.zip")])
    page.get_by_text("Unpack the ZIP first").wait_for()
    original.copy(tmp_path / "out" / "second")
    assert choose(page, tmp_path / "out") == "bad"
    assert "manifest.json × 2" in page.locator("#checks").inner_text()
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing" / "holiday.jpg").write_bytes(b"\xff\xd8")
    assert choose(page, tmp_path / "nothing") == "bad"


@pytest.mark.parametrize("text", ["[]", "null", "{}", '{"clips":1,"files":1}', '{"clips":[{}]}', "{"])
def test_the_page_takes_any_manifest_for_what_it_is(page: Page, bundle: Bundle, text: str) -> None:
    (bundle.folder / "manifest.json").write_text(text)
    assert choose(page, bundle.folder) == "bad"
    assert page.locator("#progress").is_hidden()


def test_markup_in_a_manifest_stays_text(page: Page, bundle: Bundle) -> None:
    evil = "<img src=x onerror=\"document.title='evil'\">"
    manifest = json.loads((bundle.folder / "manifest.json").read_bytes())
    manifest["clips"][0]["file"] = evil
    manifest["ledger"]["file"] = evil
    (bundle.folder / "manifest.json").write_text(json.dumps(manifest))
    assert choose(page, bundle.folder) == "bad"
    time.sleep(0.2)
    assert "evil" not in page.title()
    assert evil in page.locator("#checks").inner_text()


def test_a_browser_without_ed25519_says_so(browser: Browser, bundle: Bundle) -> None:
    page = opened(browser, bundle.folder / "verify.html")
    page.evaluate("() => { crypto.subtle.importKey = () => Promise.reject(new Error('NotSupportedError')); }")
    assert choose(page, bundle.folder) == "open"
    assert states(page) == ["good", "open", "good", "good", "open", "good"]
    assert "署名は確認していません" in page.locator("#result").inner_text()
    flip(bundle, "clip-02.mp4")
    assert choose(page, bundle.folder) == "bad"
    page.context.close()


def test_its_sha256_is_the_right_one(page: Page) -> None:
    """Against WebCrypto's, at every length around a block, fed in odd pieces."""
    wrong = page.evaluate(
        """async () => {
          const wrong = [];
          for (let size = 0; size < 300; size++) {
            const data = crypto.getRandomValues(new Uint8Array(size));
            const right = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
            for (const step of [1, 7, 63, 64, 65, 300]) {
              const digest = new Sha256();
              for (let at = 0; at < size; at += step) digest.update(data.subarray(at, at + step));
              if (hex(digest.digest()) !== right) wrong.push([size, step]);
            }
          }
          return wrong;
        }"""
    )
    assert wrong == []


def test_large_and_small_files_are_hashed_alike(page: Page) -> None:
    """Large ones block by block; small ones too where the browser lends no hash."""
    told = page.evaluate(
        """async () => {
          const large = new Uint8Array(AT_ONCE + 1).fill(7), small = large.subarray(0, 5_000_000);
          const right = async (data) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
          const told = [await right(large) === await hashOf(new File([large], "large"))];
          const expected = await right(small);
          told.push(expected === await hashOf(new File([small], "small")));
          crypto.subtle.digest = () => Promise.reject(new Error("none"));
          told.push(expected === await hashOf(new File([small], "small")));
          return told;
        }"""
    )
    assert told == [True, True, True]


def test_dropping_the_folder(page: Page, bundle: Bundle) -> None:
    """What a drop gives: no way to make a real one here, so the page's own reading of entries is called."""
    files = {path.name: base64.b64encode(path.read_bytes()).decode() for path in bundle.folder.iterdir()}
    page.evaluate(
        """async (files) => {
          const entry = (name, data) => ({isFile: true, fullPath: "/CG/" + name,
            file: (done) => done(new File([fromBase64(data)], name))});
          const list = Object.entries(files).map(([name, data]) => entry(name, data));
          const folder = {isDirectory: true, createReader: () => ({readEntries: (done) => done(list.splice(0, 5))})};
          await begin(await walk(folder, []));
        }""",
        files,
    )
    assert page.locator("#result").get_attribute("class") == "good"


@pytest.mark.parametrize(("scheme", "phone"), LOOKS)
def test_looks(browser: Browser, bundle: Bundle, scheme: str, phone: bool) -> None:
    look = f"{scheme}-{'phone' if phone else 'desktop'}"
    page = opened(browser, bundle.folder / "verify.html", scheme, phone=phone)
    shoot(page, f"verify-begin-{look}")
    assert choose(page, bundle.folder) == "good"
    shoot(page, f"verify-good-{look}")
    flip(bundle, "clip-02.mp4")
    assert choose(page, bundle.folder) == "bad"
    shoot(page, f"verify-bad-{look}")
    page.goto((bundle.folder / "README.html").as_uri())
    shoot(page, f"letter-{look}")
    for words in ("提供", "受領書", "receipt", "設置者", "保存期間", "熊谷警察署 刑事課"):
        assert words in page.locator("main").inner_text()
    page.goto((bundle.folder.parent / "receipt.html").as_uri())
    shoot(page, f"receipt-{look}")
    assert page.locator("table.blank").count() == 1
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def test_the_papers(browser: Browser, bundle: Bundle) -> None:
    """The receipt is one sheet, on both sides at most: it is signed and kept."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for name, file, most in (
        ("letter", bundle.folder / "README.html", 4),
        ("receipt", bundle.folder.parent / "receipt.html", 2),
    ):
        page = opened(browser, file, "dark")
        path = SCREENSHOTS / f"{name}.pdf"
        page.pdf(path=path, prefer_css_page_size=True, print_background=False)
        page.context.close()
        pages = path.read_bytes().count(b"/Type /Page\n") or path.read_bytes().count(b"/Type /Page ")
        assert 1 <= pages <= most, (name, pages)
        if shutil.which("pdftoppm"):
            subprocess.run(["pdftoppm", "-r", "70", "-png", path, SCREENSHOTS / f"{name}-paper"], check=True)
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
        for words in ("受領書", "受領日", "SHA256:", "verify.html"):
            assert words in text
