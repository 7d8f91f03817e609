import { expect, it } from "vitest";
import { pan, reveal, toPicture, WHOLE, zoomTo } from "../src/logic/viewport";

it("zooms about a point that stays where it is", () => {
  const view = zoomTo(WHOLE, 4, [0.5, 0.25]);
  expect(toPicture(view, 0.5, 0.25)).toEqual([0.5, 0.25]);
  expect(zoomTo(view, 1)).toEqual(WHOLE);
});

it("never leaves the picture", () => {
  expect(zoomTo(WHOLE, 2, [0, 0])).toEqual({ zoom: 2, x: 0, y: 0 });
  expect(pan({ zoom: 2, x: 0.2, y: 0.2 }, 5, -5)).toEqual({ zoom: 2, x: 0.5, y: 0 });
});

it("shows a point that was outside", () => {
  const view = reveal({ zoom: 4, x: 0, y: 0 }, [0.9, 0.5]);
  expect(view.x).toBeLessThanOrEqual(0.9);
  expect(view.x + 0.25).toBeGreaterThan(0.9);
  expect(view.y).toBeLessThan(0.5);
});
