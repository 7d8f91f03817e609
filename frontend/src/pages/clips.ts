import { css, html, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { isAdministrator } from "../app";
import { dayList, timeline, type Clip, type Span, type Timeline } from "../api/messages";
import "../components/clip-actions";
import { define } from "../components/define";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { empty, failure, loading } from "../components/states";
import { styles } from "../components/styles";
import "../components/shelf";
import "../components/timeline";
import { navigate } from "../hass";
import { dateOf, shifted, startOf } from "../logic/day";
import { routePath, type Route } from "../logic/route";
import type { Day } from "../logic/shelf";

const KINDS = ["entity", "action", "continuous"] as const;

/** All clips by day, newest first, under a day's timeline. */
export class CgClips extends CgElement {
  @property({ attribute: false }) route!: Route;
  @state() private days: readonly Day[] | null = null;
  @state() private trouble: unknown = null;
  @state() private cameras: readonly string[] = [];
  @state() private kind = "";
  @state() private held = false;
  @state() private date = "";
  @state() private day: Timeline | null = null;
  @state() private choosing = false;
  @state() private chosen = new Map<string, Clip>();
  private loadId = 0;
  private clipsSeen = -1;
  /** The filter that `days` was asked with. */
  private asked: Record<string, unknown> = {};

  static override styles = [
    styles,
    css`
      .filters {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
        align-items: center;
      }
      .filters select {
        width: auto;
        max-width: 220px;
      }
      .bar {
        position: sticky;
        bottom: 0;
        z-index: 2;
        background: var(--card-background-color);
        border-top: 1px solid var(--divider-color);
        padding: 8px 16px;
        display: flex;
        gap: 8px;
        align-items: center;
        flex-wrap: wrap;
      }
      .timeline {
        padding: 12px 16px;
      }
      .dayline {
        display: flex;
        align-items: center;
        gap: 4px;
        flex-wrap: wrap;
        margin-bottom: 8px;
      }
      .dayline input {
        width: auto;
      }
      @media (max-width: 600px) {
        .dayline h3 {
          flex-basis: 100%;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("route") && !changed.get("route")) {
      this.held = this.route.query.get("held") === "1";
      const camera = this.route.query.get("camera");
      if (camera) this.cameras = [camera];
      this.date = this.route.query.get("day") ?? "";
    }
    if (this.app.news.clips !== this.clipsSeen) {
      this.clipsSeen = this.app.news.clips;
      void this.load();
    }
  }

  // --- what there is ---

  private get filter(): Record<string, unknown> {
    const zone = this.app.zone;
    return {
      ...(this.cameras.length ? { camera_ids: this.cameras } : {}),
      ...(this.kind ? { kinds: [this.kind] } : {}),
      ...(this.held ? { held: true } : {}),
      ...(this.date ? { start: startOf(this.date, zone), end: startOf(shifted(this.date, 1), zone) } : {}),
    };
  }

  private async load(): Promise<void> {
    const id = ++this.loadId;
    try {
      const filter = this.filter;
      const { days } = await this.app.client.call("clips/days", filter, dayList);
      if (id !== this.loadId) return;
      this.asked = filter;
      this.days = days;
      this.trouble = null;
      await this.loadTimeline(id);
    } catch (error) {
      if (id === this.loadId) this.trouble = error;
    }
  }

  private async loadTimeline(id = this.loadId): Promise<void> {
    const day = await this.app.client.call("timeline", { start: this.dayStart, end: this.dayEnd }, timeline);
    if (id === this.loadId) this.day = day;
  }

  /** The day that the timeline shows: the chosen one, or the newest with clips. */
  private get shownDate(): string {
    const newest = this.days?.[0]?.start;
    return this.date || dateOf(newest ?? Date.now() / 1000, this.app.zone);
  }

  private get dayStart(): number {
    return startOf(this.shownDate, this.app.zone);
  }

  private get dayEnd(): number {
    return startOf(shifted(this.shownDate, 1), this.app.zone);
  }

  // --- drawing ---

  override render(): unknown {
    return html`<div class="page">
        ${this.filters()}
        ${this.trouble ? failure(this.app, this.trouble, () => void this.load()) : ""}
        ${this.days ? this.content(this.days) : this.trouble ? "" : loading(this.app)}
      </div>
      ${this.choosing ? this.selectionBar() : ""}`;
  }

  private get allCameras(): { id: string; name: string }[] {
    const known = this.app.news.cameras.map((camera) => ({ id: camera.camera_id, name: camera.name }));
    const ids = new Set(known.map((camera) => camera.id));
    const removed = new Set((this.day?.clips ?? []).map((clip) => clip.camera_id).filter((id) => !ids.has(id)));
    return [...known, ...[...removed].map((id) => ({ id, name: this.app.cameraName(id) }))];
  }

  private filters(): unknown {
    const all = this.app.news.cameras;
    const change = (): void => void this.load();
    return html`<div class="filters" role="group" aria-label=${this.t("clips.filters")}>
      ${
        all.length > 1
          ? all.map((camera) => {
              const on = this.cameras.includes(camera.camera_id);
              return html`<button
                class="chip"
                aria-pressed=${on ? "true" : "false"}
                @click=${() => {
                  this.cameras = on
                    ? this.cameras.filter((id) => id !== camera.camera_id)
                    : [...this.cameras, camera.camera_id];
                  change();
                }}
              >
                ${camera.name}
              </button>`;
            })
          : ""
      }
      <select
        aria-label=${this.t("clips.trigger")}
        @change=${(event: Event) => {
          this.kind = (event.target as HTMLSelectElement).value;
          change();
        }}
      >
        <option value="">${this.t("clips.any_trigger")}</option>
        ${KINDS.map(
          (kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${this.t(`clips.kind_${kind}`)}</option>`,
        )}
      </select>
      <button
        class="chip"
        aria-pressed=${this.held ? "true" : "false"}
        @click=${() => {
          this.held = !this.held;
          change();
        }}
      >
        ${this.t("clips.held_only")}
      </button>
      <span class="grow"></span>
      ${
        isAdministrator(this.app)
          ? html`<button
              class="tonal"
              aria-pressed=${this.choosing ? "true" : "false"}
              @click=${() => {
                this.choosing = !this.choosing;
                this.chosen = new Map();
              }}
            >
              ${this.t("clips.select")}
            </button>`
          : ""
      }
    </div>`;
  }

  private content(days: readonly Day[]): unknown {
    const total = days.reduce((sum, day) => sum + day.clips, 0);
    const filtered = this.cameras.length > 0 || this.kind !== "" || this.held || this.date !== "";
    const none = filtered
      ? empty(icons.CLIPS, this.t("clips.none_found"), html`<button class="tonal" @click=${() => this.clear()}>${this.t("clips.clear")}</button>`)
      : empty(icons.CLIPS, this.t("clips.none"), this.t("clips.none_hint"));
    return html`<section class="card timeline" aria-label=${this.t("timeline.title")}>
        <div class="dayline">
          <h3 class="grow">${this.app.format.day(this.dayStart + 43_200)}</h3>
          <button class="icon" aria-label=${this.t("timeline.earlier")} @click=${() => this.goDay(-1)}>
            <cg-icon .path=${icons.LEFT}></cg-icon>
          </button>
          <input
            type="date"
            aria-label=${this.t("timeline.day")}
            .value=${this.shownDate}
            @change=${(event: Event) => this.setDate((event.target as HTMLInputElement).value)}
          />
          <button class="icon" aria-label=${this.t("timeline.later")} @click=${() => this.goDay(1)}>
            <cg-icon .path=${icons.RIGHT}></cg-icon>
          </button>
          ${this.date ? html`<button @click=${() => this.setDate("")}>${this.t("clips.all_days")}</button>` : ""}
        </div>
        <cg-timeline
          .app=${this.app}
          .day=${this.day}
          .from=${this.dayStart}
          .to=${this.dayEnd}
          .cameras=${this.allCameras}
          @clip=${(event: CustomEvent<Span>) => navigate(routePath("clips", event.detail.clip_id))}
        ></cg-timeline>
      </section>
      <p class="secondary" role="status" style="margin:12px 0 0">${this.t("clips.count", { count: total })}</p>
      ${total === 0 ? none : ""}
      <cg-shelf
        style="margin-top:16px"
        .app=${this.app}
        .days=${days}
        .filter=${this.asked}
        .choosing=${this.choosing}
        .chosen=${this.chosen}
        @choose=${(event: CustomEvent<{ clip: Clip; on: boolean }>) => this.choose(event.detail.clip, event.detail.on)}
      ></cg-shelf>`;
  }

  private selectionBar(): unknown {
    return html`<div class="bar" role="region" aria-label=${this.t("clips.selected", { count: this.chosen.size })}>
      <strong>${this.t("clips.selected", { count: this.chosen.size })}</strong>
      <span class="grow"></span>
      <cg-clip-actions
        .app=${this.app}
        .clips=${[...this.chosen.values()]}
        @done=${() => {
          this.chosen = new Map();
          this.choosing = false;
        }}
      ></cg-clip-actions>
    </div>`;
  }

  private choose(clip: Clip, on: boolean): void {
    const chosen = new Map(this.chosen);
    if (on) chosen.set(clip.clip_id, clip);
    else chosen.delete(clip.clip_id);
    this.chosen = chosen;
  }

  private clear(): void {
    this.cameras = [];
    this.kind = "";
    this.held = false;
    this.setDate("");
  }

  private goDay(by: number): void {
    this.setDate(shifted(this.shownDate, by));
  }

  private setDate(date: string): void {
    this.date = date;
    this.day = null;
    void this.load();
  }
}

define("cg-clips", CgClips);
