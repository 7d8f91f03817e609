"""Our errors as Home Assistant's, with their translated sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .domain.errors import CamguardError, DeniedError, InvalidError, NotFoundError


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
    return kind(translation_domain=DOMAIN, translation_key=error.key, translation_placeholders=error.placeholders)


def sentence(error: CamguardError) -> str:
    """Return an error's sentence in Home Assistant's language."""
    return str(to_ha(error))
