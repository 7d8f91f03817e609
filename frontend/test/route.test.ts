import { expect, it } from "vitest";
import { momentOf, parseRoute, routePath } from "../src/logic/route";

it("reads addresses, and takes what it doesn't know for the first page", () => {
  expect(parseRoute("/clips/abc", "?t=12")).toMatchObject({ page: "clips", id: "abc", part: "" });
  expect(parseRoute("/cameras/x/zones", "")).toMatchObject({ page: "cameras", id: "x", part: "zones" });
  expect(parseRoute("", "").page).toBe("cameras");
  expect(parseRoute("/../admin", "").page).toBe("cameras");
});

it("writes addresses", () => {
  expect(routePath("clips")).toBe("/camguard/clips");
  expect(routePath("clips", "a/b", "", { t: "1" })).toBe("/camguard/clips/a%2Fb?t=1");
});

it.each([
  ["t=12", 12],
  ["t=1:05", 65],
  ["t=1:00:01.5", 3601.5],
  ["t=-4", 0],
  ["t=x", 0],
  ["t=1::2", 0],
  ["", 0],
])("reads %s as a moment", (query, seconds) => expect(momentOf(new URLSearchParams(query))).toBe(seconds));
