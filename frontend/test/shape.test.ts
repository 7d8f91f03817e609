import { describe, expect, it } from "vitest";
import { anything, flag, list, mapOf, number, object, oneOf, orNull, ShapeError, text } from "../src/api/shape";

describe("what fits is taken", () => {
  it.each([
    [text, "a", "a"],
    [number, 1.5, 1.5],
    [flag, false, false],
    [anything, { a: 1 }, { a: 1 }],
    [orNull(text), null, null],
    [orNull(text), undefined, null],
    [orNull(text), "a", "a"],
    [list(number), [1, 2], [1, 2]],
    [mapOf(number), { a: 1 }, { a: 1 }],
    [oneOf("a", "b"), "b", "b"],
    [object({ a: text }), { a: "x", more: 1 }, { a: "x" }],
  ])("%#", (shape, value, result) => expect(shape(value)).toEqual(result));
});

describe("what doesn't is refused, and where", () => {
  it.each([
    [text, 1, "message: not a text"],
    [number, NaN, "message: not a number"],
    [number, "1", "message: not a number"],
    [flag, 0, "message: not true or false"],
    [list(text), {}, "message: not a list"],
    [list(text), ["a", 2], "[1]: not a text"],
    [oneOf("a"), "b", "message: not a"],
    [object({ a: object({ b: text }) }), { a: { b: 1 } }, ".a.b: not a text"],
    [object({}), null, "message: not an object"],
    [mapOf(text), [], "message: not an object"],
    [mapOf(text), { x: 1 }, ".x: not a text"],
  ])("%#", (shape, value, message) => {
    expect(() => shape(value)).toThrow(ShapeError);
    expect(() => shape(value)).toThrow(message);
  });
});
