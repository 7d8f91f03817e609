/** Which part of a picture is looked at: zoomed in, and moved within its edges. All in 0..1 of the picture. */
import { clamp, type Point } from "./geometry";

export interface Viewport {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const ZOOMS = [1, 2, 4] as const;
export const WHOLE: Viewport = { zoom: 1, x: 0, y: 0 };

/** Zoom about a point that stays where it is on the screen, as far as the edges allow. */
export function zoomTo(view: Viewport, zoom: number, about: Point = [0.5, 0.5]): Viewport {
  const [u, v] = [(about[0] - view.x) * view.zoom, (about[1] - view.y) * view.zoom];
  return within({ zoom, x: about[0] - u / zoom, y: about[1] - v / zoom });
}

export function pan(view: Viewport, dx: number, dy: number): Viewport {
  return within({ ...view, x: view.x + dx, y: view.y + dy });
}

/** Move so far that a point is seen. */
export function reveal(view: Viewport, point: Point): Viewport {
  const size = 1 / view.zoom;
  const x = clamp(view.x, point[0] - size * 0.9, point[0] - size * 0.1);
  const y = clamp(view.y, point[1] - size * 0.9, point[1] - size * 0.1);
  return within({ ...view, x, y });
}

/** From a place on the screen's picture, 0..1 of its box, to the place in the picture. */
export function toPicture(view: Viewport, u: number, v: number): Point {
  return [view.x + u / view.zoom, view.y + v / view.zoom];
}

function within(view: Viewport): Viewport {
  const most = 1 - 1 / view.zoom;
  return { zoom: view.zoom, x: clamp(view.x, 0, most), y: clamp(view.y, 0, most) };
}
