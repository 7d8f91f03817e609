import { expect, it } from "vitest";
import { fitted } from "../src/logic/picture";

it.each([
  [4000, 3000, 1600, 1200],
  [3000, 4000, 1200, 1600],
  [800, 600, 800, 600],
  [10_000, 1, 1600, 1],
  [0, 0, 1, 1],
])("makes %i by %i fit", (width, height, w, h) => expect(fitted(width, height)).toEqual([w, h]));
