"""What every test shares."""

import custom_components  # noqa: F401 - before the harness's own package of that name
