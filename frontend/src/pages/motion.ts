import { css, html, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { motionSet, nothing, sight, type MotionSet, type Sight } from "../api/messages";
import { define } from "../components/define";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { failure, loading } from "../components/states";
import { styles } from "../components/styles";
import type { CgZoneCanvas, Tool } from "../components/zone-canvas";
import "../components/zone-canvas";
import { rawZones } from "../components/zone-editor";
import { navigate } from "../hass";
import { fault, parsePoints, type Point, type Zone } from "../logic/geometry";
import { History } from "../logic/history";
import { routePath } from "../logic/route";
import { type Viewport, WHOLE } from "../logic/viewport";

const LOOK_MS = 600;
const TROUBLE_MS = 3000;

interface Settings {
  readonly enabled: boolean;
  readonly triggers: boolean;
  readonly sensitivity: number;
  readonly least: number;
  readonly areas: readonly Zone[];
}

/** How a camera's eyes are set, beside a picture of what they see: it follows the sliders. */
export class CgMotion extends CgElement {
  @property() cameraId = "";
  @state() private known: MotionSet | null = null;
  @state() private trouble: unknown = null;
  @state() private seen: Sight | null = null;
  @state() private seenTrouble: unknown = null;
  @state() private chosen = -1;
  @state() private tool: Tool = "edit";
  @state() private view: Viewport = WHOLE;
  @state() private saving = false;
  private history: History<Settings> | null = null;
  @query("cg-zone-canvas") private readonly canvas!: CgZoneCanvas | null;
  private timer = 0;

  static override styles = [
    styles,
    css`
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
      }
      .layout {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(260px, 1fr);
        gap: 16px;
      }
      @media (max-width: 870px) {
        .layout {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        padding-bottom: 8px;
        align-items: center;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        padding-top: 8px;
      }
      .legend span {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .legend i {
        width: 14px;
        height: 14px;
        border-radius: 3px;
        display: inline-block;
        border: 2px solid transparent;
      }
      .changed {
        background: #e8833a;
      }
      .counts {
        border-color: var(--primary-text-color) !important;
      }
      .low {
        border-color: var(--secondary-text-color) !important;
        border-style: dashed !important;
      }
      .slider {
        display: block;
        padding: 8px 0;
      }
      .slider div {
        display: flex;
        justify-content: space-between;
      }
      .slider input {
        width: 100%;
        min-height: 44px;
        margin: 0;
        accent-color: var(--primary-color);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      li[data-chosen] {
        background: color-mix(in srgb, var(--primary-color) 14%, transparent);
        border-radius: 8px;
      }
      .waiting {
        aspect-ratio: 16 / 9;
        display: grid;
        place-items: center;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.lookSoon(0);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("cameraId")) void this.load();
  }

  private get settings(): Settings | null {
    return this.history?.present ?? null;
  }

  private async load(): Promise<void> {
    this.trouble = null;
    try {
      const known = await this.app.client.call("motion/get", { camera_id: this.cameraId }, motionSet);
      this.history = new History<Settings>({
        enabled: known.enabled,
        triggers: known.triggers,
        sensitivity: known.sensitivity,
        least: known.least_height,
        areas: known.leave_out.map((zone) => ({ name: zone.name, points: parsePoints(zone.points) })),
      });
      this.known = known;
      this.lookSoon(0);
    } catch (error) {
      this.trouble = error;
    }
  }

  // --- what they see ---

  private lookSoon(delay = LOOK_MS): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), delay);
  }

  private async look(): Promise<void> {
    if (!this.settings || document.hidden) {
      this.lookSoon();
      return;
    }
    const timer = this.timer;
    try {
      this.seen = await this.app.client.call("motion/look", this.asked, sight);
      this.seenTrouble = null;
    } catch (error) {
      this.seenTrouble = error;
    }
    // Unless it was asked for anew meanwhile, or the page is gone.
    if (this.isConnected && timer === this.timer) this.lookSoon(this.seenTrouble ? TROUBLE_MS : LOOK_MS);
  }

  /** The settings as the server takes them; areas that can't be are left out until they can. */
  private get asked(): Record<string, unknown> {
    const settings = this.settings;
    const most = this.known?.max_points ?? 0;
    return {
      camera_id: this.cameraId,
      sensitivity: settings?.sensitivity,
      least_height: settings?.least,
      leave_out: rawZones((settings?.areas ?? []).filter((zone) => fault(zone.points, most) === null)),
    };
  }

  // --- changes ---

  private change(change: Partial<Settings>, gesture: unknown = null): void {
    const history = this.history;
    if (!history) return;
    history.push({ ...history.present, ...change }, gesture);
    if (this.chosen >= history.present.areas.length) this.chosen = -1;
    this.requestUpdate();
  }

  private step(back: boolean): void {
    if (back) this.history?.undo();
    else this.history?.redo();
    this.change({});
    this.chosen = -1;
  }

  private async save(): Promise<void> {
    const settings = this.settings;
    if (!settings) return;
    this.saving = true;
    try {
      await this.app.client.call(
        "motion/save",
        { ...this.asked, enabled: settings.enabled, triggers: settings.triggers },
        nothing,
      );
      this.app.toast(this.t("motion.saved"));
      navigate(routePath("cameras"));
    } catch (error) {
      this.app.toast(error);
    }
    this.saving = false;
  }

  // --- the page ---

  override render(): unknown {
    if (this.trouble) return html`<div class="page">${failure(this.app, this.trouble, () => void this.load())}</div>`;
    const settings = this.settings;
    if (!this.known || !settings) return loading(this.app);
    return html`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${() => navigate(routePath("cameras"))}>
          <cg-icon .path=${icons.BACK}></cg-icon>
        </button>
        <h2 class="grow">${this.t("motion.title", { camera: this.known.name })}</h2>
        <button class="filled" ?disabled=${this.saving || !this.history?.canUndo} @click=${() => void this.save()}>
          ${this.saving ? this.t("common.saving") : this.t("common.save")}
        </button>
      </div>
      <div class="layout">
        <div>${this.board(settings)}</div>
        <div>${this.controls(settings)}</div>
      </div>
    </div>`;
  }

  private board(settings: Settings): unknown {
    const full = settings.areas.length >= (this.known?.max_zones ?? 0);
    const tool = (name: Tool, icon: string, key: string): unknown => html`<button
      class="tonal"
      aria-pressed=${this.tool === name ? "true" : "false"}
      ?disabled=${full || !this.seen}
      @click=${() => {
        this.canvas?.cancelDraft();
        this.tool = this.tool === name ? "edit" : name;
        this.chosen = -1;
      }}
    >
      <cg-icon .path=${icon}></cg-icon>${this.t(key)}
    </button>`;
    return html`<div class="tools" role="toolbar" aria-label=${this.t("motion.areas")}>
        ${tool("rectangle", icons.RECTANGLE, "motion.leave_out")} ${tool("corners", icons.CORNERS, "zones.draw")}
        <span class="grow"></span>
        <button
          class="icon"
          aria-label=${this.t("zones.undo")}
          title=${this.t("zones.undo")}
          ?disabled=${!this.history?.canUndo}
          @click=${() => this.step(true)}
        >
          <cg-icon .path=${icons.UNDO}></cg-icon>
        </button>
        <button
          class="icon"
          aria-label=${this.t("zones.redo")}
          title=${this.t("zones.redo")}
          ?disabled=${!this.history?.canRedo}
          @click=${() => this.step(false)}
        >
          <cg-icon .path=${icons.REDO}></cg-icon>
        </button>
      </div>
      ${this.seenTrouble ? failure(this.app, this.seenTrouble) : ""}
      ${
        this.seen
          ? html`<cg-zone-canvas
              .app=${this.app}
              .picture=${`data:image/jpeg;base64,${this.seen.image}`}
              .width=${this.seen.width}
              .height=${this.seen.height}
              .zones=${settings.areas}
              .chosen=${this.chosen}
              .tool=${this.tool}
              .view=${this.view}
              .most=${this.known?.max_points ?? 0}
              @points=${(event: CustomEvent<{ points: Point[]; gesture: unknown }>) => this.move(event.detail)}
              @drawn=${(event: CustomEvent<Point[]>) => this.add(event.detail)}
              @choose=${(event: CustomEvent<number>) => (this.chosen = event.detail)}
              @view=${(event: CustomEvent<Viewport>) => (this.view = event.detail)}
            ></cg-zone-canvas>`
          : this.seenTrouble
            ? ""
            : html`<div class="waiting">${loading(this.app)}</div>`
      }
      <p role="status" aria-live="off">${this.found()}</p>
      <div class="legend secondary">
        <span><i class="changed"></i>${this.t("motion.legend_changed")}</span>
        <span><i class="counts"></i>${this.t("motion.legend_counts")}</span>
        <span><i class="low"></i>${this.t("motion.legend_low")}</span>
      </div>`;
  }

  private found(): unknown {
    const seen = this.seen;
    if (!seen) return "";
    const height = this.app.format.percent(seen.tallest / 100);
    if (seen.things > 0) return this.t("motion.seen", { count: seen.things, height });
    return seen.tallest > 0 ? this.t("motion.seen_low", { height }) : this.t("motion.seen_none");
  }

  private controls(settings: Settings): unknown {
    return html`<label class="check">
        <input
          type="checkbox"
          .checked=${settings.enabled}
          @change=${(event: Event) => this.change({ enabled: (event.target as HTMLInputElement).checked })}
        />
        <span>${this.t("motion.enabled")}</span>
      </label>
      <label class="check">
        <input
          type="checkbox"
          .checked=${settings.triggers}
          ?disabled=${!settings.enabled}
          @change=${(event: Event) => this.change({ triggers: (event.target as HTMLInputElement).checked })}
        />
        <span>${this.t("motion.triggers")}</span>
      </label>
      ${this.known?.mode === "continuous" ? html`<p class="secondary">${this.t("motion.adaptive")}</p>` : ""}
      ${this.slider("sensitivity", settings.sensitivity, 0, 100, 5, (value) => this.change({ sensitivity: value }, "s"))}
      ${this.slider("least_height", settings.least, 1, 50, 1, (value) => this.change({ least: value }, "h"))}
      <h3>${this.t("motion.areas")}</h3>
      <p class="secondary">${this.t("motion.areas_hint")}</p>
      <ul>
        ${settings.areas.map(
          (zone, index) => html`<li ?data-chosen=${index === this.chosen}>
            <button class="icon" aria-label=${this.t("zones.choose", { zone: zone.name })} @click=${() => (this.chosen = index)}>
              <cg-icon .path=${icons.ZONES}></cg-icon>
            </button>
            <span class="grow">${zone.name}</span>
            <button
              class="icon"
              aria-label=${this.t("zones.delete", { zone: zone.name })}
              @click=${() => this.change({ areas: settings.areas.filter((_, other) => other !== index) })}
            >
              <cg-icon .path=${icons.DELETE}></cg-icon>
            </button>
          </li>`,
        )}
      </ul>`;
  }

  private slider(
    key: string,
    value: number,
    least: number,
    most: number,
    step: number,
    set: (value: number) => void,
  ): unknown {
    return html`<label class="slider">
      <div><span>${this.t(`motion.${key}`)}</span><span>${this.app.format.percent(value / 100)}</span></div>
      <input
        type="range"
        min=${least}
        max=${most}
        step=${step}
        .value=${String(value)}
        @input=${(event: Event) => set(Number((event.target as HTMLInputElement).value))}
      />
      <span class="secondary">${this.t(`motion.${key}_hint`)}</span>
    </label>`;
  }

  private add(points: readonly Point[]): void {
    const areas = this.settings?.areas ?? [];
    const name = this.t("motion.area_name", { number: areas.length + 1 });
    this.change({ areas: [...areas, { name, points }] });
    this.canvas?.cancelDraft();
    this.tool = "edit";
    this.chosen = areas.length;
  }

  private move({ points, gesture }: { points: readonly Point[]; gesture: unknown }): void {
    const areas = this.settings?.areas ?? [];
    this.change({ areas: areas.map((zone, index) => (index === this.chosen ? { ...zone, points } : zone)) }, gesture);
  }
}

define("cg-motion", CgMotion);
