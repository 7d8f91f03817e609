import { expect, it } from "vitest";
import { heightOf, missingPages, sections, shownSections, shownTiles } from "../src/logic/shelf";

const SIZES = { columns: 4, row: 100, header: 40 };
const DAYS = [
  { start: 3, clips: 5 },
  { start: 2, clips: 8 },
  { start: 1, clips: 1 },
];

it("stands days below each other", () => {
  const all = sections(DAYS, SIZES);
  expect(all.map(({ top, height, first }) => [top, height, first])).toEqual([
    [0, 240, 0],
    [240, 240, 5],
    [480, 140, 13],
  ]);
  expect(heightOf(all)).toBe(620);
  expect(heightOf([])).toBe(0);
});

it("draws only what is seen", () => {
  const all = sections(DAYS, SIZES);
  expect(shownSections(all, 250, 300).map((section) => section.day.start)).toEqual([2]);
  const [, second] = all;
  if (!second) throw new Error();
  expect(shownTiles(second, SIZES, 400, 450).map((tile) => tile.index)).toEqual([9, 10, 11, 12]);
  const last = all[0];
  if (!last) throw new Error();
  expect(shownTiles(last, SIZES, -500, 5000)).toHaveLength(5);
});

it("stays quick with 10,000 clips", () => {
  const many = Array.from({ length: 90 }, (_, i) => ({ start: i, clips: 112 }));
  const all = sections(many, SIZES);
  const seen = shownSections(all, 100_000, 101_000).flatMap((section) => shownTiles(section, SIZES, 100_000, 101_000));
  expect(seen.length).toBeLessThan(60);
});

it("knows which pages are missing", () => {
  expect(missingPages([3, 61, 59, 185], 60, (page) => page === 1)).toEqual([0, 3]);
});
