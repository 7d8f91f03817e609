"""Our errors as Home Assistant's, with their translated sentences."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from homeassistant.core import HomeAssistant, async_get_hass
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_cached_translations

from ..const import DOMAIN
from ..domain.errors import CamguardError, DeniedError, InvalidError, NotFoundError
from ..domain.ledger import Problem


@contextmanager
def translated() -> Iterator[None]:
    """Raise what happens inside as HomeAssistantError, or ServiceValidationError when the caller can mend it."""
    try:
        yield
    except CamguardError as error:
        raise to_ha(error) from error


def to_ha(error: CamguardError) -> HomeAssistantError:
    """Return Home Assistant's exception for one of ours."""
    kind = (
        ServiceValidationError if isinstance(error, InvalidError | NotFoundError | DeniedError) else HomeAssistantError
    )
    return kind(translation_domain=DOMAIN, translation_key=error.key, translation_placeholders=_named(error))


def _named(error: CamguardError) -> dict[str, str]:
    """Return an error's placeholders; a field by the name that it has on the screen."""
    placeholders = dict(error.placeholders)
    if (field := placeholders.get("field")) is not None:
        hass = async_get_hass()
        texts = async_get_cached_translations(hass, hass.config.language, "services", DOMAIN)
        name = f"component.{DOMAIN}.services.export_disclosure.fields.{field}.name"
        placeholders["field"] = texts.get(name, field)
    return placeholders


def sentence(error: CamguardError) -> str:
    """Return an error's sentence in Home Assistant's language (its own exceptions speak English only)."""
    return sentence_in(async_get_hass(), error)


def sentence_in(hass: HomeAssistant, error: CamguardError) -> str:
    """Return an error's sentence in Home Assistant's language, in whichever thread: what is loaded is only read."""
    return filled(async_get_cached_translations(hass, hass.config.language, "exceptions", DOMAIN), error)


def filled(texts: Mapping[str, str], error: CamguardError) -> str:
    """Return an error's sentence out of translated texts; its key when there is none."""
    text = texts.get(f"component.{DOMAIN}.exceptions.{error.key}.message", error.key)
    for name, value in error.placeholders.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def error_of(problem: Problem) -> CamguardError:
    """Return a problem of the custody as something that has a sentence."""
    count, _, size = problem.detail.partition(" ")
    mb = f"{int(size) / 1e6:.0f}" if size.isdecimal() else ""
    return CamguardError(problem.key, seq=str(problem.seq), clip_id=problem.clip_id, count=count, name=count, mb=mb)
