import { expect, it } from "vitest";
import { Format } from "../src/logic/format";

const TIME = Date.UTC(2026, 10, 27, 14, 3, 7) / 1000;

it("writes times in the household's zone", () => {
  const ja = new Format("ja", "Asia/Tokyo");
  expect(ja.time(TIME)).toBe("23:03");
  expect(ja.time(TIME, true)).toBe("23:03:07");
  expect(ja.day(TIME)).toBe("2026年11月27日金曜日");
  expect(ja.moment(TIME)).toBe("2026年11月27日 23:03:07");
  expect(new Format("en-GB", "Europe/Berlin").shortDay(TIME)).toBe("27 Nov 2026");
  expect(new Format("en-GB", "Europe/Berlin").dayOfMonth(TIME)).toBe("27/11");
});

it("writes lengths, sizes and shares", () => {
  const en = new Format("en", "UTC");
  expect([0, 65, 3723, -4].map((seconds) => en.length(seconds))).toEqual(["0:00", "1:05", "1:02:03", "0:00"]);
  expect([0, 999, 1500, 25_000_000, 3e13].map((bytes) => en.size(bytes))).toEqual(["0 byte", "999 byte", "1.5 kB", "25 MB", "30 TB"]);
  expect(en.size(5e16)).toBe("50,000 TB");
  expect(en.number(1234.5)).toBe("1,234.5");
  expect(en.percent(0.307)).toBe("31%");
});

it("says how long until, and since when", () => {
  const en = new Format("en", "UTC");
  expect(en.relative(TIME + 3 * 86_400 + 5, TIME)).toBe("in 3 days");
  expect(en.relative(TIME - 7200, TIME)).toBe("2 hours ago");
  expect(en.relative(TIME, TIME)).toBe("now");
});
