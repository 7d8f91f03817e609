"""A real RTSP server for demo and tests, with login if wanted: a film without end at `rtsp://127.0.0.1:<port>/…`.

Runs in the system's Python, which has GStreamer's bindings:
`/usr/bin/python3 rtsp_server.py <port> <folder of access units> <their number> <frames a second> [user password]`.
Mounts: /street (H.264 as it is), /hevc (H.265, encoded on the way), /alaw and /aac (with a tick on each whole second). Prints "ready" once it listens. The film comes as
one file an access unit (see rtsp.py), so that the timestamps run on when it begins again.
"""

import os
import sys
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

HEVC = (
    "avdec_h264 ! videoconvert ! x265enc speed-preset=ultrafast tune=zerolatency key-int-max={rate}"
    " ! h265parse ! rtph265pay name=pay0 pt=96"
)
TICKS = " audiotestsrc wave=ticks samplesperbuffer={samples} sine-periods-per-tick=80 volume=0.8 ! audio/x-raw,rate={rate},channels=1 ! "
ALAW = TICKS.format(rate=8000, samples=160) + "alawenc ! rtppcmapay name=pay1 pt=8"
AAC = TICKS.format(rate=16000, samples=1024) + "avenc_aac ! aacparse ! rtpmp4gpay name=pay1 pt=97"
CAPS = "video/x-h264,stream-format=byte-stream,alignment=au"


class Film:
    """Access units, played again and again with timestamps that run on."""

    def __init__(self, units: list[bytes], rate: int) -> None:
        self.units = units
        self.rate = rate

    def feed(self, _factory: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia) -> None:
        """Give a new session its pictures, from the first one on."""
        number = 0

        def push(source: Gst.Element, _wanted: int) -> None:
            nonlocal number
            buffer = Gst.Buffer.new_wrapped(self.units[number % len(self.units)])
            buffer.pts = buffer.dts = number * Gst.SECOND // self.rate
            buffer.duration = Gst.SECOND // self.rate
            number += 1
            source.emit("push-buffer", buffer)

        media.get_element().get_by_name("film").connect("need-data", push)


def main() -> None:
    port, folder, count, rate, *login = sys.argv[1:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address(os.environ.get("RTSP_ADDRESS", "127.0.0.1"))
    server.set_service(port)
    mounts = server.get_mount_points()
    film = Film([Path(folder, f"{number:05d}.h264").read_bytes() for number in range(int(count))], int(rate))
    for path, rest in (
        ("/street", "rtph264pay name=pay0 pt=96"),
        ("/hevc", HEVC.format(rate=rate)),
        ("/alaw", "rtph264pay name=pay0 pt=96" + ALAW),
        ("/aac", "rtph264pay name=pay0 pt=96" + AAC),
    ):
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f"( appsrc name=film format=time caps={CAPS} ! h264parse ! {rest} )")
        factory.connect("media-configure", film.feed)
        factory.set_shared(True)
        if login:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("user", "media.factory.access", True)
            permissions.add_permission_for_role("user", "media.factory.construct", True)
            factory.set_permissions(permissions)
        mounts.add_factory(path, factory)
    if login:
        auth = GstRtspServer.RTSPAuth()
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "user")
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(*login), token)
        server.set_auth(auth)
    if not server.attach(None):
        sys.exit(f"port {port} is taken")
    print("ready", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
