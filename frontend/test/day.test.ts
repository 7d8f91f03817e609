import { describe, expect, it } from "vitest";
import { dateOf, fromField, offsetOf, shifted, startOf, stretch, toField } from "../src/logic/day";

it("lays a span on a day", () => {
  expect(stretch(10, 20, 0, 100)).toEqual({ left: 0.1, width: 0.1 });
  expect(stretch(-10, null, 0, 100)).toEqual({ left: 0, width: 1 });
  expect(stretch(100, 120, 0, 100)).toBeNull();
  expect(stretch(-20, 0, 0, 100)).toBeNull();
  expect(stretch(50, 40, 0, 100)).toBeNull();
});

describe.each(["Asia/Tokyo", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"])("in %s", (zone) => {
  it("finds the beginning of each day of a year", () => {
    let date = "2026-01-01";
    for (let i = 0; i < 365; i++) {
      const start = startOf(date, zone);
      expect(dateOf(start, zone)).toBe(date);
      expect(dateOf(start - 1, zone)).toBe(shifted(date, -1));
      date = shifted(date, 1);
    }
  });
  it("gives a field's time back", () => {
    const time = 1_795_786_123;
    expect(fromField(toField(time, zone), zone)).toBe(time);
  });
});

it("knows summer from winter", () => {
  expect(offsetOf("Europe/Berlin", Date.UTC(2026, 6, 1) / 1000)).toBe(7200);
  expect(offsetOf("Europe/Berlin", Date.UTC(2026, 11, 1) / 1000 + 0.5)).toBe(3600);
});

it("takes a field without seconds", () => expect(fromField("1970-01-01T09:01", "Asia/Tokyo")).toBe(60));
