"""The demo: a real Home Assistant with two guarded cameras, a week behind them, and a clip a minute from now on."""

import argparse
import signal
import sys
import time

from .home import new_password, wait_for
from .household import OWNER, ROOT, begin, film
from .panel_house import give_past, guard_two
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
                say("setting up two cameras and their guards, and giving them a week to look back on")
                _, guarded, camera_ids = guard_two(home, rtsp)
                # The automation needs the guarded camera's name.
                home.extra = EVERY_MINUTE.format(entity_id=guarded[0])
                home.prepare()
                give_past(home, password, camera_ids, guarded[0])
                entity_id.write_text(guarded[0])
            home.onboard(OWNER[0], OWNER[1], password)
            lines = (
                f"  the panel:      {home.url}/camguard",
                f"  user:           {OWNER[1]}",
                f"  password:       {password}",
            )
            print("", *lines, "", sep="\n", flush=True)
            say(f"guarding two cameras; {entity_id.read_text()} records a clip a minute. Ctrl-C ends it.")
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


def say(text: str) -> None:
    print(f"demo: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
