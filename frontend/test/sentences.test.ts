import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Entry } from "../src/api/messages";
import { Format } from "../src/logic/format";
import { sentenceOf } from "../src/logic/sentences";
import { Texts } from "../src/logic/texts";

const known = { camera: (id: string): string => (id === "c1" ? "Street" : id) };

function resources(language: string): Record<string, string> {
  const file = new URL(`../../custom_components/camguard/translations/${language}.json`, import.meta.url);
  const { config_panel, exceptions } = JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, Record<string, string>>>;
  const flat = (prefix: string, node: unknown): [string, string][] =>
    typeof node === "string"
      ? [[prefix, node]]
      : Object.entries(node as object).flatMap(([key, value]) => flat(`${prefix}.${key}`, value));
  return Object.fromEntries([
    ...flat("component.camguard.config_panel", config_panel),
    ...flat("component.camguard.exceptions", exceptions),
  ]);
}

const entry = (event: string, body: Record<string, unknown> | null): Entry => ({
  seq: 1,
  time: 0,
  event,
  head: "",
  signed: true,
  body,
});
const EN = new Texts("en", resources("en"));
const JA = new Texts("ja", resources("ja"));
const FORMAT = new Format("en", "UTC");
const tell = (event: string, body: Record<string, unknown> | null, texts = EN): string =>
  sentenceOf(entry(event, body), texts, FORMAT, known);

it("tells who did what", () => {
  expect(tell("viewed", { user_id: "u", user_name: "Hanako", camera_id: "c1" })).toBe("Hanako viewed a clip of Street.");
  expect(tell("viewed", { user_id: "u", user_name: "花子", camera_id: "c1" }, JA)).toBe("花子 が Street のクリップを閲覧しました。");
  expect(tell("erased", { clip_ids: ["a"], reason: "expired" })).toBe("1 clip was erased (retention period over).");
  expect(tell("erased", { clip_ids: ["a", "b"], reason: "because" })).toBe("2 clips were erased (because).");
});

it("tells what happened by itself", () => {
  expect(tell("recording_asked", { user_id: null, camera_id: "c1" })).toBe("An automation had Street record.");
  expect(tell("self_check", {})).toBe("The weekly self-check was done.");
});

it("tells gaps with their cause, and those that go on", () => {
  const body = { camera_id: "c1", from_us: 0, to_us: 60_000_000, cause: "source_unreachable" };
  expect(tell("gap", body)).toContain("from 00:00:00 to 00:01:00: The camera doesn't answer.");
  expect(tell("gap", { ...body, to_us: null, cause: "else" })).toContain("to …: else");
});

it("tells holds until when", () => {
  const body = { user_id: "u", user_name: "H", camera_id: "c1", until_us: 86_400_000_000, reason: "theft" };
  expect(tell("held", body)).toBe("H holds a clip of Street until Jan 2, 1970: theft");
});

it("tells what was dropped and what it doesn't know", () => {
  expect(tell("", null)).toBe("What this entry told was dropped once its time was over; its hash stays.");
  expect(tell("from_the_future", { clips: 3 })).toBe("An entry of another version: from_the_future");
});

it("leaves markup alone: it is text", () => {
  expect(tell("viewed", { user_id: "u", user_name: "<b>x</b>", camera_id: "c1" })).toContain("<b>x</b>");
});

it("tells of settings of the household, and of registers", () => {
  const who = { user_id: "u", user_name: "Hanako" };
  expect(tell("settings_changed", { ...who, purpose: "x" })).toBe("Hanako changed the settings.");
  expect(tell("settings_changed", { ...who, camera_id: "c1" })).toContain("Street");
  expect(tell("record_saved", { ...who, kind: "complaint", number: "RC-2026-0001" })).toBe(
    "Hanako saved RC-2026-0001 in the register “Complaints and inquiries”.",
  );
  expect(tell("record_saved", { ...who, kind: "complaint", number: "RC-2026-0001" }, JA)).toContain("苦情・問合せ");
  expect(tell("records_erasing", { user_id: null, numbers: ["a", "b"] })).toContain("2 records");
  expect(tell("register_exported", { ...who, kind: "all", records: 3 })).toContain("3 records");
  expect(tell("duties_checked", { user_id: null, met: 12, open: 1 })).toBe("The monthly self-check: 12 met, 1 open.");
});
