"""The confirmed views of cameras: small masked pictures, each sealed to a key of its own.

They lie beside the keys, where no backup of Home Assistant's looks, and are erased by destroying their key.
"""

import io
import os
import uuid
from collections.abc import Collection

from ..domain.clip import ClipId
from ..domain.errors import IntegrityError, StorageError
from .keys.keyring import VIEW, Keyring
from .paths import FOLDER_MODE, Paths, write_synced
from .sealed import SealedReader, SealedWriter

MAX_BYTES = 1 << 20


class ViewStore:
    """Blocking; one view is never written by two."""

    def __init__(self, paths: Paths, keyring: Keyring) -> None:
        self._paths = paths
        self._keyring = keyring

    def add(self, image: bytes) -> str:
        """Keep a picture, durable when this returns its id. Raises StorageError `view_not_kept`."""
        view_id = ClipId(uuid.uuid4().hex)
        try:
            self._paths.views.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            sealed = io.BytesIO()
            writer = SealedWriter(sealed, self._keyring.make(VIEW, view_id).recipient)
            writer.write(image)
            writer.close()
            write_synced(self._paths.view(view_id), sealed.getvalue())
        except OSError as error:
            raise StorageError("view_not_kept", detail=os.strerror(error.errno or 0)) from error
        return view_id

    def read(self, view_id: str) -> bytes:
        """Return a picture. Raises ErasedError, IntegrityError, StorageError."""
        identity = self._keyring.identity(VIEW, ClipId(view_id))
        try:
            with self._paths.view(ClipId(view_id)).open("rb") as file, SealedReader(file, identity) as reader:
                image = b"".join(reader.chunks())
        except OSError as error:
            raise StorageError("view_not_kept", detail=os.strerror(error.errno or 0)) from error
        if len(image) > MAX_BYTES:
            raise IntegrityError("sealed_malformed")
        return image

    def erase(self, view_id: str) -> None:
        """Destroy a picture's key, then the picture. Idempotent."""
        self._keyring.destroy(VIEW, ClipId(view_id))
        self._paths.view(ClipId(view_id)).unlink(missing_ok=True)

    def keep_only(self, view_ids: Collection[str]) -> None:
        """Erase what belongs to no camera any more."""
        known = self._keyring.ids(VIEW) | {
            ClipId(path.name.partition(".")[0]) for path in self._paths.views.glob("*.jpg.age")
        }
        for view_id in known - {ClipId(view_id) for view_id in view_ids}:
            self.erase(view_id)
