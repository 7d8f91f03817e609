"""The demo: a real Home Assistant with a moving street camera, guarded by CamGuard, recording a clip a minute."""

import argparse
import signal
import sys
import time

from .home import new_password, wait_for
from .household import OWNER, ROOT, add_street_camera, begin, film, guard, set_up
from .rtsp import RtspServer

FOLDER = ROOT / ".demo"
EVERY_MINUTE = """\
automation:
  - alias: A clip a minute
    id: camguard_demo
    triggers:
      - trigger: time_pattern
        minutes: "/1"
    actions:
      - action: camguard.record
        target:
          entity_id: {entity_id}
        data:
          duration: 20
          reason: Demo
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--rtsp-port", type=int, default=8554)
    parser.add_argument("--language", default="en", choices=["en", "ja"])
    parser.add_argument("--check", action="store_true", help="stop once the first clip has been recorded")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    secret = FOLDER / "password"
    FOLDER.mkdir(exist_ok=True)
    password = secret.read_text() if secret.exists() else new_password()
    secret.write_text(password)
    say("drawing the street (once)")
    with RtspServer(film(), options.rtsp_port) as rtsp:
        entity_id = FOLDER / "entity_id"
        extra = EVERY_MINUTE.format(entity_id=entity_id.read_text()) if entity_id.exists() else ""
        say("starting Home Assistant")
        home = begin(FOLDER / "config", password, port=options.port, language=options.language, extra=extra)
        try:
            if not extra:
                say("setting up the street camera and its guard, with a test clip")
                guarded = guard(home, set_up(home), add_street_camera(home, rtsp))
                entity_id.write_text(guarded)
                # The automation needs the guarded camera's name.
                home.extra = EVERY_MINUTE.format(entity_id=guarded)
                home.prepare()
                restart(home)
            home.onboard(OWNER[0], OWNER[1], password)
            lines = (f"  Home Assistant: {home.url}", f"  user:           {OWNER[1]}", f"  password:       {password}")
            print("", *lines, "", sep="\n", flush=True)
            say(f"guarding {entity_id.read_text()}; a clip a minute, under Media → CamGuard. Ctrl-C ends it.")
            if options.check:
                clips = wait_for("a recorded clip", lambda: listed(home), 150, 1)
                say(f"recorded: {clips[0]['clip_id']}, {clips[0]['duration']:.0f} s, {clips[0]['size'] / 1e6:.1f} MB")
                return
            while home.process is not None and home.process.poll() is None:
                time.sleep(1)
            sys.exit(f"Home Assistant ended:\n{home.log_tail()}")
        except KeyboardInterrupt:
            say("stopping")
        finally:
            home.stop()


def listed(home) -> list:
    return home.call("camguard.list_clips", response=True)["clips"]


def restart(home) -> None:
    home.stop()
    home.start()
    home.onboard(OWNER[0], OWNER[1], (FOLDER / "password").read_text())
    home.wait_running()


def say(text: str) -> None:
    print(f"demo: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
