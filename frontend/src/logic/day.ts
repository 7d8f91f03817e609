/** One day as a strip: where spans lie on it, in the household's time zone. Times: UTC epoch seconds. */

export interface Stretch {
  /** Share of the day, 0..1. */
  readonly left: number;
  readonly width: number;
}

/** Where [start, end) lies on [from, to); null when it doesn't. An end of null goes on. */
export function stretch(start: number, end: number | null, from: number, to: number): Stretch | null {
  const [begin, finish] = [Math.max(start, from), Math.min(end ?? to, to)];
  if (finish <= from || begin >= to || finish < begin) return null;
  return { left: (begin - from) / (to - from), width: (finish - begin) / (to - from) };
}

/** Offset of a time zone at a moment, seconds east of UTC. */
export function offsetOf(zone: string, time: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(new Date(time * 1000));
  const part = (type: string): number => Number(parts.find((item) => item.type === type)?.value);
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return local / 1000 - Math.floor(time);
}

/** When a local day begins, by its date `2026-11-27`. */
export function startOf(date: string, zone: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`) / 1000;
  const guess = utc - offsetOf(zone, utc);
  return utc - offsetOf(zone, guess);
}

/** The date of a moment, `2026-11-27`. */
export function dateOf(time: number, zone: string): string {
  return new Date((time + offsetOf(zone, time)) * 1000).toISOString().slice(0, 10);
}

/** The date some days later (or, less than 0, before). */
export function shifted(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A moment for a `datetime-local` field, and back. */
export function toField(time: number, zone: string): string {
  return new Date((time + offsetOf(zone, time)) * 1000).toISOString().slice(0, 19);
}

export function fromField(text: string, zone: string): number {
  const local = Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`) / 1000;
  return local - offsetOf(zone, local - offsetOf(zone, local));
}
