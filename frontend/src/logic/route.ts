/** The panel's addresses: `/camguard/<page>/<id>?t=12`. */

export const PAGES = ["cameras", "clips", "disclose", "wipe", "registers", "ledger", "overview"] as const;
export type Page = (typeof PAGES)[number];
/** What a viewer may open. */
export const VIEWER_PAGES: readonly Page[] = ["cameras", "clips"];

export interface Route {
  readonly page: Page;
  /** Of a clip or camera, or a register's kind; empty: none. */
  readonly id: string;
  /** What is done with it: `zones`, `motion`, `add`; of a register: a record's id, `new`, `print`. */
  readonly part: string;
  readonly query: URLSearchParams;
}

export function parseRoute(path: string, search: string): Route {
  const [page = "", id = "", part = ""] = path.split("/").filter(Boolean).map(decodeURIComponent);
  return {
    page: (PAGES as readonly string[]).includes(page) ? (page as Page) : "cameras",
    id,
    part,
    query: new URLSearchParams(search),
  };
}

export function routePath(page: Page, id = "", part = "", query: Record<string, string> = {}): string {
  const path = [page, id, part].filter(Boolean).map(encodeURIComponent).join("/");
  const search = new URLSearchParams(query).toString();
  return `/camguard/${path}${search ? `?${search}` : ""}`;
}

/** A moment in a clip, seconds from its start: `t=12`, `t=1:05`; 0 for what is none. */
export function momentOf(query: URLSearchParams): number {
  const seconds = (query.get("t") ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part || NaN), 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}
