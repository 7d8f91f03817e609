"""How pages are looked at: in which language, light or dark, on a desk or in the hand."""

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from ..home import Home
from ..household import ROOT

SCREENSHOTS = ROOT / ".build" / "screenshots"


@dataclass(frozen=True)
class Look:
    """How a page is shown."""

    language: str
    scheme: str
    phone: bool

    @property
    def name(self) -> str:
        return f"{self.language}-{self.scheme}-{'phone' if self.phone else 'desktop'}"

    def context(self, browser: Browser, home: Home | None = None) -> BrowserContext:
        """Return a browser's context; with `home`, logged in there."""
        size = {"width": 412, "height": 860} if self.phone else {"width": 1280, "height": 900}
        context = browser.new_context(
            viewport=size,
            color_scheme=self.scheme,  # type: ignore[arg-type]
            locale="ja-JP" if self.language == "ja" else "en-GB",
            service_workers="block",
            reduced_motion="reduce",
            is_mobile=self.phone,
            has_touch=self.phone,
        )
        if home is not None:
            # As the profile page does: what the back end puts into forms follows the user's choice.
            home.ws("frontend/set_user_data", key="language", value={"language": self.language})
            context.add_init_script(
                f"localStorage.setItem('hassTokens', {json.dumps(home.browser_tokens())});"
                f"localStorage.setItem('selectedLanguage', JSON.stringify('{self.language}'));"
            )
        return context


def shoot(page: Page, look: Look, name: str, *, full: bool = False) -> Path:
    """Keep a picture of what is shown."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}-{look.name}.png"
    page.screenshot(path=path, full_page=full)
    return path
