import { css, html, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { clipPage, type Clip } from "../api/messages";
import { navigate } from "../hass";
import { routePath } from "../logic/route";
import {
  heightOf,
  missingPages,
  sections,
  shownSections,
  shownTiles,
  type Day,
  type Section,
  type Sizes,
} from "../logic/shelf";
import { define } from "./define";
import { CgElement } from "./element";
import * as icons from "./icons";
import { styles } from "./styles";

const PAGE = 60;
const TILE_PX = 220;
const MARGIN_PX = 600;
const FRESH_MS = 8 * 60_000;

/**
 * Clips by day, as many as there are: only those near the screen are fetched and drawn. `choose`: one was ticked.
 * An element of its own, so that scrolling draws nothing else anew.
 */
export class CgShelf extends CgElement {
  @property({ attribute: false }) days: readonly Day[] = [];
  /** What the server is asked for; another object: what was fetched is forgotten. */
  @property({ attribute: false }) filter: Record<string, unknown> = {};
  @property({ type: Boolean }) choosing = false;
  @property({ attribute: false }) chosen: ReadonlyMap<string, Clip> = new Map();
  @state() private seen = { top: 0, height: 800, width: 1000 };
  @query(".shelf") private readonly shelf!: HTMLElement | null;
  private pages = new Map<number, { at: number; clips: readonly Clip[] }>();
  private fetching = new Set<number>();
  private scroller: HTMLElement | null = null;
  private frame = 0;
  /** Where the shelf begins in what is scrolled, px. */
  private offset = 0;
  private readonly sized = new ResizeObserver(() => this.settle());

  static override styles = [
    styles,
    css`
      .shelf {
        position: relative;
        contain: layout style;
      }
      .day {
        position: absolute;
        left: 0;
        right: 0;
        height: 48px;
        display: flex;
        align-items: end;
        padding-bottom: 8px;
        justify-content: space-between;
      }
      .tile {
        contain: strict;
        position: absolute;
        padding: 4px;
      }
      .tile > a {
        display: block;
        text-decoration: none;
        color: inherit;
        border-radius: 12px;
        overflow: hidden;
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        height: 100%;
      }
      .tile img,
      .tile .blank {
        display: block;
        width: 100%;
        aspect-ratio: 16 / 9;
        object-fit: cover;
        background: #1a1a1a;
      }
      .tile .words {
        padding: 6px 10px;
        font-size: 12px;
        white-space: nowrap;
        overflow: hidden;
      }
      .tile .words div {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .tile .first {
        font-size: 14px;
        font-weight: 500;
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .tile .first cg-icon {
        --cg-icon-size: 16px;
      }
      .tile input {
        position: absolute;
        top: 12px;
        left: 12px;
        width: 28px;
        height: 28px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => {
      this.scroller = this.closestScroller();
      this.scroller?.addEventListener("scroll", this.onScroll, { passive: true });
      if (this.scroller) this.sized.observe(this.scroller);
      // What stands above it moves it: a timeline that has been loaded, say.
      if (this.parentElement) this.sized.observe(this.parentElement);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.scroller?.removeEventListener("scroll", this.onScroll);
    this.sized.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("filter") || changed.has("days")) {
      this.pages = new Map();
      this.fetching = new Set();
    }
  }

  override render(): unknown {
    const all = sections(this.days, this.sizes);
    return html`<div class="shelf" style="height:${heightOf(all)}px">${this.visible(all)}</div>`;
  }

  private async fetchPage(page: number): Promise<void> {
    const pages = this.pages;
    const fetching = this.fetching;
    fetching.add(page);
    try {
      const { clips } = await this.app.client.call(
        "clips/list",
        { ...this.filter, limit: PAGE, offset: page * PAGE },
        clipPage,
      );
      if (pages !== this.pages) return;
      pages.set(page, { at: Date.now(), clips });
      this.requestUpdate();
    } catch (error) {
      if (pages === this.pages) this.app.toast(error);
    } finally {
      fetching.delete(page);
    }
  }

  private closestScroller(): HTMLElement | null {
    let root = this.getRootNode();
    while (root instanceof ShadowRoot) {
      const main = root.querySelector("main");
      if (main) return main;
      root = root.host.getRootNode();
    }
    return null;
  }

  private readonly onScroll = (): void => {
    if (!this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.measure();
      });
    }
  };

  private measure(): void {
    if (!this.scroller) return;
    const { top, height, width } = this.seen;
    const now = this.scroller.scrollTop - this.offset;
    if (now !== top) this.seen = { top: now, height, width };
  }

  /** Asking where things stand makes the browser lay everything out: not while scrolling. */
  private settle(): void {
    if (!this.scroller || !this.shelf) return;
    const [outer, inner] = [this.scroller.getBoundingClientRect(), this.shelf.getBoundingClientRect()];
    this.offset = inner.top - outer.top + this.scroller.scrollTop;
    this.seen = { top: outer.top - inner.top, height: outer.height, width: inner.width };
  }

  private get sizes(): Sizes {
    const columns = Math.max(Math.floor(this.seen.width / TILE_PX), 2);
    const column = this.seen.width / columns;
    return { columns, row: Math.round((column - 10) * (9 / 16) + 66), header: 48 };
  }

  protected override updated(): void {
    const shown = this.shownIndices(sections(this.days, this.sizes));
    for (const page of missingPages(shown, PAGE, (number) => this.isFresh(number) || this.fetching.has(number))) {
      void this.fetchPage(page);
    }
  }

  /** Pictures' links end after ten minutes: before that a page is fetched again, if it is looked at. */
  private isFresh(number: number): boolean {
    const page = this.pages.get(number);
    return page !== undefined && Date.now() - page.at < FRESH_MS;
  }

  private shownIndices(all: readonly Section[]): number[] {
    const [from, to] = [this.seen.top - MARGIN_PX, this.seen.top + this.seen.height + MARGIN_PX];
    return shownSections(all, from, to).flatMap((section) =>
      shownTiles(section, this.sizes, from, to).map((tile) => tile.index),
    );
  }

  private visible(all: readonly Section[]): unknown {
    const [from, to] = [this.seen.top - MARGIN_PX, this.seen.top + this.seen.height + MARGIN_PX];
    const sizes = this.sizes;
    return repeat(
      shownSections(all, from, to),
      (section) => section.day.start,
      (section) =>
        html`<div class="day" style="top:${section.top}px">
            <h3>${this.app.format.day(section.day.start + 43_200)}</h3>
            <span class="secondary">${section.day.clips}</span>
          </div>
          ${repeat(shownTiles(section, sizes, from, to), (tile) => tile.index, (tile) => {
            const clip = this.pages.get(Math.floor(tile.index / PAGE))?.clips[tile.index % PAGE];
            const width = 100 / sizes.columns;
            const style = `top:${tile.top}px;left:${tile.column * width}%;width:${width}%;height:${sizes.row}px`;
            return html`<div class="tile" style=${style}>${clip ? this.tile(clip) : html`<a><div class="blank"></div></a>`}</div>`;
          })}`,
    );
  }

  private tile(clip: Clip): unknown {
    const { format } = this.app;
    const path = routePath("clips", clip.clip_id);
    const camera = this.app.cameraName(clip.camera_id);
    const on = this.chosen.has(clip.clip_id);
    const words = `${camera}, ${format.moment(clip.start)}`;
    return html`<a
        href=${path}
        aria-label=${words}
        @click=${(event: MouseEvent) => {
          if (event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          if (this.choosing) this.emit("choose", { clip, on: !on });
          else navigate(path);
        }}
      >
        <img src=${clip.thumbnail} alt="" loading="lazy" decoding="async" />
        <div class="words">
          <div class="first">
            ${format.time(clip.start, true)} · ${format.length(clip.end - clip.start)}
            ${clip.hold ? html`<cg-icon .path=${icons.HOLD}></cg-icon><span class="visually-hidden">${this.t("clips.is_held")}</span>` : ""}
          </div>
          <div class="secondary">${camera} · ${this.triggerOf(clip)}</div>
        </div>
      </a>
      ${
        this.choosing
          ? html`<input
              type="checkbox"
              aria-label=${words}
              .checked=${on}
              @change=${(event: Event) => this.emit("choose", { clip, on: (event.target as HTMLInputElement).checked })}
            />`
          : ""
      }`;
  }

  private triggerOf(clip: Clip): string {
    const id = clip.trigger.entity_id;
    const name = id ? this.app.hass().states[id]?.attributes.friendly_name : null;
    return clip.trigger.reason ?? (typeof name === "string" ? name : (id ?? this.t(`clips.kind_${clip.trigger.kind}`)));
  }

}

define("cg-shelf", CgShelf);
