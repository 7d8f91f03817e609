import { expect, it } from "vitest";
import { Refused } from "../src/api/client";
import { fill, Texts } from "../src/logic/texts";

const TEXTS = new Texts("en", {
  "component.camguard.config_panel.clips.count": "1 clip|{count} clips",
  "component.camguard.config_panel.common.offline": "offline",
  "component.camguard.config_panel.common.failed": "failed",
  "component.camguard.exceptions.clip_erased.message": "{name} is erased",
});

it("fills in, and chooses a form", () => {
  expect(TEXTS.t("clips.count", { count: 1 })).toBe("1 clip");
  expect(TEXTS.t("clips.count", { count: 0 })).toBe("0 clips");
  expect(fill("{a}{b}", { a: "<b>" })).toBe("<b>");
  expect(fill("", {})).toBe("");
});

it("says something for what it doesn't know", () => {
  expect(TEXTS.t("clips.some_thing")).toBe("some thing");
  expect(TEXTS.has("clips.count")).toBe(true);
  expect(TEXTS.has("clips.nothing")).toBe(false);
  expect(TEXTS.fault("")).toBeNull();
  expect(TEXTS.fault("nothing")).toBeNull();
});

it("tells errors as sentences", () => {
  expect(TEXTS.refusal(new Refused("clip_erased", "x", { name: "It" }))).toBe("It is erased");
  expect(TEXTS.refusal(new Refused("unknown", "the server's words"))).toBe("the server's words");
  expect(TEXTS.refusal(new Refused("", ""))).toBe("failed");
  expect(TEXTS.refusal(new Refused("connection_lost", ""))).toBe("offline");
});
