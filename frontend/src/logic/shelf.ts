/** Where the tiles of a long list by days stand, so that only those on the screen are drawn and nothing shifts. */

export interface Day {
  readonly start: number;
  readonly clips: number;
}
export interface Sizes {
  readonly columns: number;
  readonly row: number;
  readonly header: number;
}
export interface Section {
  readonly day: Day;
  /** Of its first clip among all, newest first. */
  readonly first: number;
  readonly top: number;
  readonly height: number;
}
export interface Tile {
  readonly index: number;
  readonly top: number;
  readonly column: number;
}

export function sections(days: readonly Day[], sizes: Sizes): Section[] {
  let [first, top] = [0, 0];
  return days.map((day) => {
    const height = sizes.header + Math.ceil(day.clips / sizes.columns) * sizes.row;
    const section = { day, first, top, height };
    first += day.clips;
    top += height;
    return section;
  });
}

export function heightOf(all: readonly Section[]): number {
  const last = all.at(-1);
  return last ? last.top + last.height : 0;
}

/** The sections that reach into [from, to), px. */
export function shownSections(all: readonly Section[], from: number, to: number): Section[] {
  return all.filter((section) => section.top < to && section.top + section.height > from);
}

/** The tiles of a section that reach into [from, to), px from the list's top. */
export function shownTiles(section: Section, sizes: Sizes, from: number, to: number): Tile[] {
  const top = section.top + sizes.header;
  const firstRow = Math.max(Math.floor((from - top) / sizes.row), 0);
  const lastRow = Math.min(Math.ceil((to - top) / sizes.row), Math.ceil(section.day.clips / sizes.columns));
  const tiles: Tile[] = [];
  for (let row = firstRow; row < lastRow; row++) {
    for (let column = 0; column < sizes.columns; column++) {
      const inDay = row * sizes.columns + column;
      if (inDay < section.day.clips) tiles.push({ index: section.first + inDay, top: top + row * sizes.row, column });
    }
  }
  return tiles;
}

/** The pages that hold these tiles and aren't there yet. */
export function missingPages(indices: readonly number[], page: number, has: (page: number) => boolean): number[] {
  const wanted = new Set(indices.map((index) => Math.floor(index / page)));
  return [...wanted].filter((number) => !has(number)).sort((a, b) => a - b);
}
