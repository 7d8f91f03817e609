"""The family of errors that a user can be told about.

Every error names a translation key below `exceptions` in translations/, and the placeholders its sentence needs. Only
`ha_errors.py` turns them into Home Assistant's exceptions.
"""


class CamguardError(Exception):
    """An error with a translated sentence: `key` in translations, `placeholders` for its blanks."""

    def __init__(self, key: str, **placeholders: str) -> None:
        super().__init__(f"{key} {placeholders}" if placeholders else key)
        self.key = key
        self.placeholders = placeholders


class InvalidError(CamguardError):
    """What the user gave can't be used; nothing was changed."""


class NotFoundError(CamguardError):
    """There is no such camera or clip, or the asker may not know of it."""


class ErasedError(NotFoundError):
    """The clip existed and has been erased: its key is destroyed (invariant 4)."""


class DeniedError(CamguardError):
    """The asker may not do this."""


class IntegrityError(CamguardError):
    """Bytes at rest are not what was written: truncated, altered, or sealed to another key."""


class StorageError(CamguardError):
    """A disk said no: full, read-only, gone."""


class LockedError(StorageError):
    """The root key isn't there (its medium is absent): nothing can be recorded or read."""


class WorkerError(CamguardError):
    """The camera's worker, or the camera behind it, can't do what was asked."""
