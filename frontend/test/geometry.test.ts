import { describe, expect, it } from "vitest";
import * as g from "../src/logic/geometry";

const SQUARE: g.Point[] = [
  [0.1, 0.1],
  [0.5, 0.1],
  [0.5, 0.5],
  [0.1, 0.5],
];

describe("reading and writing", () => {
  it("keeps what the server stores", () => {
    const text = "4,24 23.5,5 43,24 43,50 4.1234,51";
    expect(g.pointsText(g.parsePoints(text))).toBe(text);
  });
  it("clamps what lies outside", () => expect(g.parsePoints(" -5,120  50 ")).toEqual([[0, 1], [0.5, 0]]));
  it("takes what is missing for zero", () => expect(g.parsePoints("5 ,")).toEqual([[0.05, 0], [0, 0]]));
  it("takes an empty text for no points", () => expect(g.parsePoints("")).toEqual([]));
});

describe("measures", () => {
  it("knows an area", () => expect(g.area(SQUARE)).toBeCloseTo(0.16));
  it("knows inside from outside", () => {
    expect(g.contains(SQUARE, 0.3, 0.3)).toBe(true);
    expect(g.contains(SQUARE, 0.7, 0.3)).toBe(false);
  });
  it("counts what zones cover together once", () => {
    const zones = [
      { name: "a", points: g.half("top") },
      { name: "b", points: g.half("left") },
    ];
    expect(g.covered(zones)).toBeCloseTo(0.75, 2);
    expect(g.covered([])).toBe(0);
  });
});

describe("faults", () => {
  it("takes a square", () => expect(g.fault(SQUARE, 64)).toBeNull());
  it("refuses a bow tie", () => {
    const bow: g.Point[] = [[0, 0], [1, 1], [1, 0], [0, 1]];
    expect(g.fault(bow, 64)).toBe("crosses");
  });
  it("refuses forty crossing corners", () => {
    const star = Array.from({ length: 40 }, (_, i): g.Point => [
      0.5 + 0.4 * Math.cos((i * 2 * Math.PI * 17) / 40),
      0.5 + 0.4 * Math.sin((i * 2 * Math.PI * 17) / 40),
    ]);
    expect(g.fault(star, 64)).toBe("crosses");
  });
  it("refuses a corner that is there twice", () => {
    const twice: g.Point[] = [...SQUARE, [0.1, 0.1]];
    expect(g.fault(twice, 64)).toBe("crosses");
  });
  it("refuses lines that touch", () => {
    const touching: g.Point[][] = [
      [[0, 0], [1, 0], [1, 1], [0.5, 0], [0, 1]],
      [[0, 0], [0.5, 0.5], [1, 0], [1, 1], [0.5, 0.5001], [0.5, 0.5], [0, 1]],
      [[0, 0], [1, 0], [0.5, 0], [0.5, 1]],
      [[0.5, 0], [1, 1], [0, 1], [0.75, 0.5], [0.2, 0.2]],
    ];
    for (const points of touching) expect(g.crossesItself(points)).toBe(true);
  });
  it("takes 64 corners, and no more", () => {
    const round = (count: number): g.Point[] =>
      Array.from({ length: count }, (_, i) => [
        0.5 + 0.4 * Math.cos((i * 2 * Math.PI) / count),
        0.5 + 0.4 * Math.sin((i * 2 * Math.PI) / count),
      ]);
    expect(g.fault(round(64), 64)).toBeNull();
    expect(g.fault(round(65), 64)).toBe("many");
  });
  it("refuses two corners and a speck", () => {
    expect(g.fault(SQUARE.slice(0, 2), 64)).toBe("few");
    expect(g.fault([[0, 0], [0.01, 0], [0, 0.01]], 64)).toBe("small");
  });
});

it("judges a polygon alike from wherever and whichever way it is read", () => {
  const grid = Array.from({ length: 9 }, (_, i): g.Point => [(i % 3) / 2, Math.floor(i / 3) / 2]);
  for (const a of grid) for (const b of grid) for (const c of grid) for (const d of grid) {
    const judged = g.crossesItself([a, b, c, d]);
    expect(g.crossesItself([b, c, d, a])).toBe(judged);
    expect(g.crossesItself([d, c, b, a])).toBe(judged);
  }
});

describe("editing", () => {
  it("moves a corner within the picture", () => expect(g.movePoint(SQUARE, 1, [1.4, -0.2])[1]).toEqual([1, 0]));
  it("inserts and removes corners, down to three", () => {
    const five = g.insertPoint(SQUARE, 0, g.middle(g.at(SQUARE, 0), g.at(SQUARE, 1)));
    expect(five[1]).toEqual([0.3, 0.1]);
    expect(g.removePoint(five, 1)).toEqual(SQUARE);
    expect(g.removePoint(SQUARE.slice(0, 3), 0)).toHaveLength(3);
  });
  it("drags a whole zone to the edge and keeps its shape", () => {
    const moved = g.moveAll(SQUARE, 5, -5);
    expect(moved).toEqual([[0.6, 0], [1, 0], [1, 0.4], [0.6, 0.4]]);
  });
  it("makes rectangles and halves", () => {
    expect(g.rectangle([0.8, 0.9], [0.2, -0.1])).toEqual([[0.2, 0], [0.8, 0], [0.8, 0.9], [0.2, 0.9]]);
    for (const which of ["top", "bottom", "left", "right"] as const) expect(g.area(g.half(which))).toBeCloseTo(0.5);
  });
  it("comes around", () => expect(g.at(SQUARE, 4)).toEqual(SQUARE[0]));
});
