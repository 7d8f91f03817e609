"""Loaded before all else (`-p`) when the tests run against another Home Assistant than the harness was made for.

From 2026.11 on Home Assistant puts httpx2 in httpx's place, and wants to do so before anybody imports httpx: the
harness does.
"""

import homeassistant  # noqa: F401
from homeassistant.components import logger
from homeassistant.components.logger import helpers

if not hasattr(logger, "_clear_logger_overwrites"):  # 2026.11: the harness imports it from where it no longer is
    logger._clear_logger_overwrites = helpers._clear_logger_overwrites
