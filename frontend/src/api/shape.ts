/** What a message must look like: a shape reads unknown JSON and returns it typed, or throws a ShapeError. */

export class ShapeError extends Error {
  constructor(path: string, wanted: string) {
    super(`${path || "message"}: not ${wanted}`);
    this.name = "ShapeError";
  }
}

export type Shape<T> = (value: unknown, path?: string) => T;
export type Shaped<S> = S extends Shape<infer T> ? T : never;

export const text: Shape<string> = (value, path = "") => {
  if (typeof value !== "string") throw new ShapeError(path, "a text");
  return value;
};

export const number: Shape<number> = (value, path = "") => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new ShapeError(path, "a number");
  return value;
};

export const flag: Shape<boolean> = (value, path = "") => {
  if (typeof value !== "boolean") throw new ShapeError(path, "true or false");
  return value;
};

/** Anything, taken as it is. */
export const anything: Shape<unknown> = (value) => value;

export const orNull =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, path = "") =>
    value === null || value === undefined ? null : shape(value, path);

export const list =
  <T>(shape: Shape<T>): Shape<T[]> =>
  (value, path = "") => {
    if (!Array.isArray(value)) throw new ShapeError(path, "a list");
    return value.map((item, index) => shape(item, `${path}[${index}]`));
  };

export const mapOf =
  <T>(shape: Shape<T>): Shape<Record<string, T>> =>
  (value, path = "") =>
    Object.fromEntries(
      Object.entries(fieldsOf(value, path)).map(([name, item]) => [name, shape(item, `${path}.${name}`)]),
    );

/** One of these words. A word that a newer server may know stays what it is: whoever shows it falls back. */
export const oneOf =
  <T extends string>(...words: T[]): Shape<T> =>
  (value, path = "") => {
    const word = text(value, path);
    if (!(words as string[]).includes(word)) throw new ShapeError(path, words.join(", "));
    return word as T;
  };

/** An object with at least these fields; others are left out. */
export const object =
  <F extends Record<string, Shape<unknown>>>(fields: F): Shape<{ [K in keyof F]: Shaped<F[K]> }> =>
  (value, path = "") => {
    const given = fieldsOf(value, path);
    return Object.fromEntries(
      Object.entries(fields).map(([name, shape]) => [name, shape(given[name], `${path}.${name}`)]),
    ) as { [K in keyof F]: Shaped<F[K]> };
  };

function fieldsOf(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ShapeError(path, "an object");
  return value as Record<string, unknown>;
}
