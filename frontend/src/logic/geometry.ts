/** Zones as polygons in 0..1 of the picture's width and height: reading, writing, editing, checking. */

export type Point = readonly [number, number];
export interface Zone {
  readonly name: string;
  readonly points: readonly Point[];
}

export const MIN_POINTS = 3;
/** Smaller than this share of the picture is a slip of the hand (domain/zones.py). */
export const MIN_AREA = 0.0005;
const DIGITS = 4;
const GRID = 128;

export type Fault = "crosses" | "small" | "few" | "many";

export function clamp(value: number, least = 0, most = 1): number {
  return Math.min(Math.max(value, least), most);
}

/** Read `x,y x,y …` in percent. */
export function parsePoints(text: string): Point[] {
  return text
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((pair) => {
      const [x = 0, y = 0] = pair.split(",").map((value) => Number(value) / 100);
      return [clamp(x), clamp(y)] as Point;
    });
}

/** Write points as the server stores them. */
export function pointsText(points: readonly Point[]): string {
  const percent = (value: number): string => String(Number((value * 100).toFixed(DIGITS)));
  return points.map(([x, y]) => `${percent(x)},${percent(y)}`).join(" ");
}

export function area(points: readonly Point[]): number {
  let sum = 0;
  points.forEach(([x1, y1], index) => {
    const [x2, y2] = at(points, index + 1);
    sum += x1 * y2 - x2 * y1;
  });
  return Math.abs(sum) / 2;
}

export function contains(points: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  points.forEach(([x1, y1], index) => {
    const [x2, y2] = at(points, index + 1);
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

/** Share of the picture that the zones cover together, by sampling as the server does. */
export function covered(zones: readonly Zone[]): number {
  let count = 0;
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const x = (column + 0.5) / GRID;
      const y = (row + 0.5) / GRID;
      if (zones.some((zone) => contains(zone.points, x, y))) count++;
    }
  }
  return count / GRID ** 2;
}

/** What is wrong with a polygon; null when it can be saved. */
export function fault(points: readonly Point[], most: number): Fault | null {
  if (points.length < MIN_POINTS) return "few";
  if (points.length > most) return "many";
  if (crossesItself(points)) return "crosses";
  return area(points) < MIN_AREA ? "small" : null;
}

export function crossesItself(points: readonly Point[]): boolean {
  if (new Set(points.map(String)).size !== points.length) return true;
  const count = points.length;
  for (let i = 0; i < count; i++) {
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      if (touch(at(points, i), at(points, i + 1), at(points, j), at(points, j + 1))) return true;
    }
  }
  return false;
}

/** Move one corner, within the picture. */
export function movePoint(points: readonly Point[], index: number, to: Point): Point[] {
  return points.map((point, i) => (i === index ? [clamp(to[0]), clamp(to[1])] : point));
}

/** Put a corner in behind another one. */
export function insertPoint(points: readonly Point[], after: number, point: Point): Point[] {
  return [...points.slice(0, after + 1), [clamp(point[0]), clamp(point[1])], ...points.slice(after + 1)];
}

/** Take a corner out; a triangle stays one. */
export function removePoint(points: readonly Point[], index: number): Point[] {
  return points.length <= MIN_POINTS ? [...points] : points.filter((_, i) => i !== index);
}

/** Move a whole polygon; its shape is kept, and it stops at the picture's edges. */
export function moveAll(points: readonly Point[], dx: number, dy: number): Point[] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const right = clamp(dx, -Math.min(...xs), 1 - Math.max(...xs));
  const down = clamp(dy, -Math.min(...ys), 1 - Math.max(...ys));
  return points.map(([x, y]) => [x + right, y + down]);
}

export function middle(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

export function rectangle(a: Point, b: Point): Point[] {
  const [left, right] = [clamp(Math.min(a[0], b[0])), clamp(Math.max(a[0], b[0]))];
  const [top, bottom] = [clamp(Math.min(a[1], b[1])), clamp(Math.max(a[1], b[1]))];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

export type Half = "top" | "bottom" | "left" | "right";

export function half(which: Half): Point[] {
  const halves: Record<Half, [Point, Point]> = {
    top: [
      [0, 0],
      [1, 0.5],
    ],
    bottom: [
      [0, 0.5],
      [1, 1],
    ],
    left: [
      [0, 0],
      [0.5, 1],
    ],
    right: [
      [0.5, 0],
      [1, 1],
    ],
  };
  return rectangle(...halves[which]);
}

/** The point after the last one is the first. */
export function at(points: readonly Point[], index: number): Point {
  return points[index % points.length] as Point;
}

function cross(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function between(a: Point, b: Point, c: Point): boolean {
  return (
    Math.min(a[0], b[0]) <= c[0] &&
    c[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= c[1] &&
    c[1] <= Math.max(a[1], b[1])
  );
}

function touch(a: Point, b: Point, c: Point, d: Point): boolean {
  const [d1, d2, d3, d4] = [cross(c, d, a), cross(c, d, b), cross(a, b, c), cross(a, b, d)];
  if (d1 * d2 < 0 && d3 * d4 < 0) return true;
  return (
    (d1 === 0 && between(c, d, a)) ||
    (d2 === 0 && between(c, d, b)) ||
    (d3 === 0 && between(a, b, c)) ||
    (d4 === 0 && between(a, b, d))
  );
}
