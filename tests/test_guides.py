"""Links into the guide lead to something."""

from pathlib import Path

import pytest

from custom_components.camguard.hass.repair_issues import GUIDES, MACHINE_GUIDES


@pytest.mark.parametrize("link", [*GUIDES.values(), *MACHINE_GUIDES.values()])
def test_the_guide_has_the_section_that_is_linked_to(link: str) -> None:
    address, _, anchor = link.partition("#")
    guide = Path(__file__).parents[1] / "docs" / "guide" / address.rpartition("/")[2]
    headings = [line.lstrip("# ") for line in guide.read_text("utf-8").splitlines() if line.startswith("#")]
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
