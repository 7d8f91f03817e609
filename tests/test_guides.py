"""Links into the guide lead to something."""

from pathlib import Path

import pytest

from custom_components.camguard.hass.repair_issues import GUIDES


@pytest.mark.parametrize("language", GUIDES)
def test_the_guide_has_the_section_that_repairs_link_to(language: str) -> None:
    address, _, anchor = GUIDES[language].partition("#")
    guide = Path(__file__).parents[1] / "docs" / "guide" / address.rpartition("/")[2]
    headings = [line.lstrip("# ") for line in guide.read_text("utf-8").splitlines() if line.startswith("#")]
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
