"""A custom component of the tests: makes WebRTC of a camera's stream, by aiortc, as go2rtc does where it can be had.

It takes the camera's stream by its address, as every such provider does, and hands on what comes. The service `register`
offers it to Home Assistant, `unregister` takes it back.
"""

import asyncio

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer
from homeassistant.components.camera import Camera
from homeassistant.components.camera.webrtc import (
    CameraWebRTCProvider,
    WebRTCAnswer,
    WebRTCError,
    WebRTCSendMessage,
    async_register_webrtc_provider,
)
from homeassistant.core import HomeAssistant, ServiceCall

DOMAIN = "webrtc_rig"


class Rig(CameraWebRTCProvider):
    """One connection and one player for each session."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._sessions: dict = {}

    @property
    def domain(self) -> str:
        return DOMAIN

    def async_is_supported(self, stream_source: str) -> bool:
        return stream_source.startswith("http://127.0.0.1:")

    async def async_handle_async_webrtc_offer(
        self, camera: Camera, offer_sdp: str, session_id: str, send_message: WebRTCSendMessage
    ) -> None:
        source = await camera.stream_source()
        player = await asyncio.to_thread(MediaPlayer, source, format="mpegts")
        connection = RTCPeerConnection()
        self._sessions[session_id] = connection, player
        try:
            await connection.setRemoteDescription(RTCSessionDescription(offer_sdp, "offer"))
            for transceiver in connection.getTransceivers():
                if transceiver.kind == "video":
                    connection.addTrack(player.video)
            await connection.setLocalDescription(await connection.createAnswer())
        except Exception as error:
            send_message(WebRTCError("webrtc_rig", repr(error)))
            raise
        send_message(WebRTCAnswer(connection.localDescription.sdp))

    async def async_on_webrtc_candidate(self, session_id: str, candidate: object) -> None:
        """On one machine those in the offer are enough."""

    def async_close_session(self, session_id: str) -> None:
        if (found := self._sessions.pop(session_id, None)) is not None:
            connection, player = found
            player.video.stop()
            self._hass.async_create_task(connection.close())


async def async_setup(hass: HomeAssistant, config: dict) -> bool:
    ends: list = []

    async def register(_call: ServiceCall) -> None:
        ends.append(async_register_webrtc_provider(hass, Rig(hass)))

    async def unregister(_call: ServiceCall) -> None:
        while ends:
            ends.pop()()

    hass.services.async_register(DOMAIN, "register", register)
    hass.services.async_register(DOMAIN, "unregister", unregister)
    return True
