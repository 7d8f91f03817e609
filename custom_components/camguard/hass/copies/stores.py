"""What a place's settings say: which store it is, and what a person calls it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant

from ...app.copies.folder_store import FolderStore
from ...app.copies.store import Store
from ...const import (
    CONF_ACCESS_KEY_ID,
    CONF_BUCKET,
    CONF_ENDPOINT_URL,
    CONF_ESCROW,
    CONF_HOST,
    CONF_HOST_KEY,
    CONF_KIND,
    CONF_PASSWORD,
    CONF_PATH,
    CONF_PORT,
    CONF_PREFIX,
    CONF_PRIVATE_KEY,
    CONF_REGION,
    CONF_SECRET_ACCESS_KEY,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from ...domain.settings import Escrow
from .s3_store import S3Address, S3Store
from .sftp_store import SftpAddress, SftpStore
from .webdav_store import WebdavAddress, WebdavStore

FOLDER, S3, WEBDAV, SFTP = "folder", "s3", "webdav", "sftp"


def kind_of(data: Mapping[str, Any]) -> str:
    """Return which kind of place it is."""
    return str(data.get(CONF_KIND, FOLDER))


def place_of(data: Mapping[str, Any]) -> str:
    """Return what a person calls it: without its login."""
    match kind_of(data):
        case "s3":
            return _s3(data).text
        case "webdav":
            return _webdav(data).text
        case "sftp":
            return _sftp(data).text
    return str(data[CONF_PATH])


def escrow_of(data: Mapping[str, Any]) -> Escrow | None:
    """Return the escrow that is kept there, None without one."""
    found = data.get(CONF_ESCROW)
    return None if found is None else Escrow(**found)


def store_of(hass: HomeAssistant, data: Mapping[str, Any], site_id: str) -> Store:
    """Return what copies are put into."""
    if kind_of(data) == FOLDER:
        return FolderStore(Path(data[CONF_PATH]), site_id, hass.async_add_executor_job)
    return remote_store_of(hass, data, site_id)


def remote_store_of(hass: HomeAssistant, data: Mapping[str, Any], site_id: str) -> S3Store | WebdavStore | SftpStore:
    """Return that of a place on another machine."""
    match kind_of(data):
        case "s3":
            return S3Store(hass, _s3(data), site_id)
        case "webdav":
            return WebdavStore(hass, _webdav(data), site_id)
    return SftpStore(hass, _sftp(data), site_id)


def _s3(data: Mapping[str, Any]) -> S3Address:
    return S3Address(
        endpoint_url=data[CONF_ENDPOINT_URL],
        region=data.get(CONF_REGION, ""),
        bucket=data[CONF_BUCKET],
        prefix=data.get(CONF_PREFIX, ""),
        access_key_id=data[CONF_ACCESS_KEY_ID],
        secret_access_key=data[CONF_SECRET_ACCESS_KEY],
    )


def _webdav(data: Mapping[str, Any]) -> WebdavAddress:
    return WebdavAddress(
        url=data[CONF_URL],
        username=data.get(CONF_USERNAME, ""),
        password=data.get(CONF_PASSWORD, ""),
        verify_ssl=data[CONF_VERIFY_SSL],
    )


def _sftp(data: Mapping[str, Any]) -> SftpAddress:
    return SftpAddress(
        host=data[CONF_HOST],
        port=int(data[CONF_PORT]),
        username=data[CONF_USERNAME],
        folder=data[CONF_PATH],
        host_key=data[CONF_HOST_KEY],
        password=data.get(CONF_PASSWORD, ""),
        private_key=data.get(CONF_PRIVATE_KEY, ""),
    )
