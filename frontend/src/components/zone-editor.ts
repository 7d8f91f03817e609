import { css, html, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { asRefused } from "../api/client";
import { picture as pictureShape, preview as previewShape, type Picture, type Preview } from "../api/messages";
import { covered, fault, half, MIN_POINTS, pointsText, removePoint, type Half, type Point, type Zone } from "../logic/geometry";
import { History } from "../logic/history";
import { type Viewport, WHOLE, ZOOMS, zoomTo } from "../logic/viewport";
import { define } from "./define";
import { CgElement } from "./element";
import * as icons from "./icons";
import { failure, notice } from "./states";
import { styles } from "./styles";
import type { CgZoneCanvas, Tool } from "./zone-canvas";
import "./zone-canvas";

const PREVIEW_DELAY_MS = 700;

/** What is drawn and not saved yet. Kept outside of elements: Home Assistant makes them anew after a while away. */
interface Draft {
  history: History<readonly Zone[]>;
  picture: Picture | null;
}
const drafts = new Map<string, Draft>();

export function forgetDraft(key: string): void {
  drafts.delete(key);
}

/** Draws zones on a camera's picture, beside what the server makes of them. `change` tells whether they can be saved. */
export class CgZoneEditor extends CgElement {
  /** `camera_id` of a guarded camera, or `source`: what the server is asked about. */
  @property({ attribute: false }) target: Record<string, string> = {};
  @property({ attribute: false }) initial: readonly Zone[] = [];
  @property({ type: Number }) mostPoints = 64;
  @property({ type: Number }) mostZones = 32;
  @property() still = "";
  @state() private draft!: Draft;
  @state() private chosen = -1;
  /** The chosen zone's corner that was touched last. */
  @state() private corner = -1;
  @state() private tool: Tool = "edit";
  @state() private view: Viewport = WHOLE;
  @state() private opposite = false;
  @state() private corners = 0;
  @state() private asking = false;
  @state() private trouble: unknown = null;
  @state() private preview: Preview | null = null;
  /** The zones that `preview` shows. */
  private previewed: readonly Zone[] | null = null;
  @state() private previewing = false;
  @state() private previewTrouble: unknown = null;
  @query("cg-zone-canvas") private readonly canvas!: CgZoneCanvas | null;
  private timer = 0;
  private asked = 0;

  static override styles = [
    styles,
    css`
      :host {
        display: block;
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
        padding: 8px 0;
        align-items: center;
      }
      .tools .gap {
        flex: 1;
      }
      .curtain {
        position: relative;
        border-radius: 8px;
        overflow: hidden;
        background: #111;
        color: #fff;
        aspect-ratio: 16 / 9;
        min-height: 260px;
        width: 100%;
        display: grid;
        place-items: center;
      }
      .curtain img {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
        filter: blur(18px);
        opacity: 0.6;
      }
      .curtain div {
        position: relative;
        text-align: center;
        padding: 16px;
        max-width: 440px;
        text-shadow: 0 1px 4px #000;
      }
      .curtain .secondary {
        color: #ddd;
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
        border-radius: 8px;
        padding: 2px 4px;
      }
      li[data-chosen] {
        background: color-mix(in srgb, var(--primary-color) 14%, transparent);
      }
      li input {
        min-height: 40px;
        padding: 6px 10px;
      }
      .fault {
        color: var(--primary-text-color);
        font-size: 12px;
        flex-basis: 100%;
        padding: 0 8px 6px;
      }
      .preview {
        position: relative;
        border-radius: 8px;
        overflow: hidden;
        background: #111;
        color: #ddd;
        min-height: 120px;
      }
      .preview img {
        display: block;
        width: 100%;
        max-height: 60vh;
        object-fit: contain;
      }
      .preview progress {
        position: absolute;
        left: 0;
        right: 0;
        bottom: 0;
      }
      .preview .none {
        padding: 32px 16px;
        text-align: center;
      }
      details > div {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      summary {
        min-height: 40px;
        display: flex;
        align-items: center;
        gap: 8px;
        cursor: pointer;
        font-weight: 500;
      }
    `,
  ];

  private get key(): string {
    return JSON.stringify(this.target);
  }

  get zones(): readonly Zone[] {
    return this.draft.history.present;
  }

  /** What the server makes of the zones as they are now; null until it has said so. */
  get seen(): Preview | null {
    return this.previewed === this.zones ? this.preview : null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("target") && JSON.stringify(changed.get("target")) !== this.key) {
      this.draft = drafts.get(this.key) ?? { history: new History(this.initial), picture: null };
      drafts.set(this.key, this.draft);
      this.preview = this.previewed = null;
      if (this.draft.picture) this.lookSoon();
      this.tellChange();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.timer);
  }

  /** Take over zones that somebody else has saved; undoing brings one's own back. */
  replace(zones: readonly Zone[]): void {
    this.step(zones);
  }

  override render(): unknown {
    return html`<div class="layout" @keydown=${this.onKey}>
      <div>${this.draft.picture ? this.board(this.draft.picture) : this.curtain()}</div>
      <div class="stack">
        ${this.list()}
        <div>
          <h3>${this.t("zones.preview")}</h3>
          <p class="secondary">${this.t("zones.preview_hint")}</p>
          ${this.previewBox()}
        </div>
      </div>
    </div>`;
  }

  // --- the picture ---

  private curtain(): unknown {
    return html`<div class="curtain">
      ${this.still ? html`<img src=${this.still} alt="" />` : ""}
      <div>
        ${
          this.asking
            ? html`<p role="status">${this.t("zones.fetching")}</p>
                <progress aria-label=${this.t("zones.fetching")}></progress>`
            : html`<p>${this.t("zones.reveal_hint")}</p>
                <button class="filled" @click=${() => void this.reveal()}>
                  <cg-icon .path=${icons.EYE}></cg-icon>${this.t("zones.reveal")}
                </button>
                <p class="secondary">${this.t("zones.reveal_noted")}</p>`
        }
        ${this.trouble ? failure(this.app, this.trouble) : ""}
      </div>
    </div>`;
  }

  private async reveal(): Promise<void> {
    this.asking = true;
    this.trouble = null;
    try {
      this.draft.picture = await this.app.client.call("zones/reveal", this.target, pictureShape);
      this.lookSoon(0);
      this.tellChange();
    } catch (error) {
      this.trouble = error;
    }
    this.asking = false;
  }

  private board(shown: Picture): unknown {
    const history = this.draft.history;
    const drawing = this.tool !== "edit";
    const chosen = this.zones[this.chosen];
    return html`<div class="tools" role="toolbar" aria-label=${this.t("zones.tools")}>
        ${this.toolButton("corners", icons.CORNERS, "zones.draw")}
        ${this.toolButton("rectangle", icons.RECTANGLE, "zones.rectangle")}
        <span class="gap"></span>
        ${this.button(icons.UNDO, "zones.undo", () => this.undo(), !history.canUndo && this.corners === 0)}
        ${this.button(icons.REDO, "zones.redo", () => this.redo(), !history.canRedo)}
        ${this.button(icons.ZOOM_OUT, "zones.zoom_out", () => this.zoom(-1), this.view.zoom === ZOOMS[0])}
        <span aria-live="polite">×${this.view.zoom}</span>
        ${this.button(icons.ZOOM_IN, "zones.zoom_in", () => this.zoom(1), this.view.zoom === ZOOMS.at(-1))}
        ${this.button(this.opposite ? icons.EYE : icons.EYE_OFF, this.opposite ? "zones.show_hidden" : "zones.show_visible", () => (this.opposite = !this.opposite), false, this.opposite)}
      </div>
      <cg-zone-canvas
        .app=${this.app}
        .picture=${`data:image/jpeg;base64,${shown.image}`}
        .width=${shown.width}
        .height=${shown.height}
        .zones=${this.zones}
        .chosen=${this.chosen}
        .tool=${this.tool}
        .view=${this.view}
        .opposite=${this.opposite}
        .most=${this.mostPoints}
        @points=${(event: CustomEvent<{ points: Point[]; gesture: unknown }>) => this.setPoints(event.detail)}
        @drawn=${(event: CustomEvent<Point[]>) => this.add(event.detail)}
        @drafted=${(event: CustomEvent<number>) => (this.corners = event.detail)}
        @corner=${(event: CustomEvent<number>) => (this.corner = event.detail)}
        @choose=${(event: CustomEvent<number>) => {
          this.chosen = event.detail;
          this.corner = -1;
        }}
        @view=${(event: CustomEvent<Viewport>) => (this.view = event.detail)}
      ></cg-zone-canvas>
      <div class="tools" role="status">
        <span class="grow secondary"
          >${
            drawing
              ? this.t(this.tool === "rectangle" ? "zones.hint_rectangle" : "zones.hint_corners")
              : this.t(this.chosen >= 0 ? "zones.hint_chosen" : "zones.hint_edit")
          }</span
        >
        ${
          chosen && !drawing && this.corner >= 0 && this.corner < chosen.points.length
            ? html`<button ?disabled=${chosen.points.length <= MIN_POINTS} @click=${() => this.removeCorner(chosen)}>
                <cg-icon .path=${icons.DELETE}></cg-icon>${this.t("zones.remove_corner")}
              </button>`
            : ""
        }
        ${
          drawing
            ? html`<button @click=${() => this.leaveTool()}>${this.t("common.cancel")}</button>
                ${
                  this.tool === "corners"
                    ? html`<button
                        class="filled"
                        ?disabled=${this.corners < 3}
                        @click=${() => this.canvas?.finish()}
                      >
                        ${this.t("zones.finish")}
                      </button>`
                    : ""
                }`
            : ""
        }
      </div>`;
  }

  private toolButton(tool: Tool, icon: string, key: string): unknown {
    const full = this.zones.length >= this.mostZones;
    return html`<button
      class="tonal"
      aria-pressed=${this.tool === tool ? "true" : "false"}
      ?disabled=${full}
      @click=${() => {
        if (this.tool === tool) this.leaveTool();
        else {
          this.tool = tool;
          this.corners = 0;
          this.chosen = -1;
        }
      }}
    >
      <cg-icon .path=${icon}></cg-icon>${this.t(key)}
    </button>`;
  }

  private button(icon: string, key: string, act: () => void, disabled: boolean, pressed?: boolean): unknown {
    return html`<button
      class="icon"
      title=${this.t(key)}
      aria-label=${this.t(key)}
      aria-pressed=${pressed === undefined ? "false" : String(pressed)}
      ?disabled=${disabled}
      @click=${act}
    >
      <cg-icon .path=${icon}></cg-icon>
    </button>`;
  }

  private leaveTool(): void {
    this.canvas?.cancelDraft();
    this.tool = "edit";
    this.corners = 0;
  }

  private zoom(by: number): void {
    const index = ZOOMS.findIndex((zoom) => zoom === this.view.zoom) + by;
    const about = this.zones[this.chosen]?.points[0] ?? [this.view.x + 0.5 / this.view.zoom, this.view.y + 0.5 / this.view.zoom];
    this.view = zoomTo(this.view, ZOOMS[Math.min(Math.max(index, 0), ZOOMS.length - 1)] ?? 1, about);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const typing = (event.composedPath()[0] as HTMLElement).tagName === "INPUT";
    if ((event.ctrlKey || event.metaKey) && !typing && ["z", "y", "Z"].includes(event.key)) {
      event.preventDefault();
      if (event.key === "z") this.undo();
      else this.redo();
    } else if (event.key === "Escape") {
      if (this.tool !== "edit") this.leaveTool();
      else this.chosen = -1;
    } else if (event.key === "Enter" && this.tool === "corners" && this.corners >= 3 && !typing) {
      this.canvas?.finish();
    }
  };

  // --- the zones ---

  private list(): unknown {
    const zones = this.zones;
    return html`<div>
      <h3>${this.t("zones.list", { count: zones.length })}</h3>
      <p class="secondary">${this.t("zones.covered", { percent: this.app.format.percent(covered(zones)) })}</p>
      ${zones.length === 0 ? html`<p class="secondary">${this.t("zones.none")}</p>` : ""}
      <ul>
        ${zones.map((zone, index) => this.zoneRow(zone, index))}
      </ul>
      ${
        this.draft.picture
          ? html`<details>
              <summary><cg-icon .path=${icons.PLUS}></cg-icon>${this.t("zones.shortcuts")}</summary>
              <div>
                ${(["top", "bottom", "left", "right"] as Half[]).map(
                  (which) =>
                    html`<button
                      class="chip"
                      ?disabled=${zones.length >= this.mostZones}
                      @click=${() => this.add(half(which))}
                    >
                      ${this.t(`zones.half_${which}`)}
                    </button>`,
                )}
              </div>
            </details>`
          : ""
      }
    </div>`;
  }

  private zoneRow(zone: Zone, index: number): unknown {
    const wrong = fault(zone.points, this.mostPoints);
    return html`<li ?data-chosen=${index === this.chosen}>
        <button
          class="icon"
          aria-label=${this.t("zones.choose", { zone: zone.name })}
          aria-pressed=${index === this.chosen ? "true" : "false"}
          @click=${() => {
            this.leaveTool();
            this.chosen = index === this.chosen ? -1 : index;
          }}
        >
          <cg-icon .path=${icons.ZONES}></cg-icon>
        </button>
        <input
          aria-label=${this.t("zones.name")}
          maxlength="60"
          .value=${zone.name}
          @focus=${() => (this.chosen = index)}
          @change=${(event: Event) => this.rename(index, (event.target as HTMLInputElement).value)}
        />
        <button
          class="icon"
          aria-label=${this.t("zones.delete", { zone: zone.name })}
          @click=${() => {
            this.chosen = -1;
            this.step(zonesWithout(this.zones, index));
          }}
        >
          <cg-icon .path=${icons.DELETE}></cg-icon>
        </button>
      </li>
      ${wrong ? html`<div class="fault" role="alert">⚠ ${this.t(`zones.fault_${wrong}`)}</div>` : ""}`;
  }

  private add(points: readonly Point[]): void {
    const name = this.t("zones.new_name", { number: this.zones.length + 1 });
    this.step([...this.zones, { name, points }]);
    this.leaveTool();
    this.chosen = this.zones.length - 1;
  }

  private rename(index: number, name: string): void {
    this.step(this.zones.map((zone, i) => (i === index ? { ...zone, name: name.trim() || zone.name } : zone)));
  }

  private removeCorner(zone: Zone): void {
    this.setPoints({ points: removePoint(zone.points, this.corner), gesture: null });
    this.corner = -1;
  }

  private setPoints({ points, gesture }: { points: readonly Point[]; gesture: unknown }): void {
    this.step(
      this.zones.map((zone, index) => (index === this.chosen ? { ...zone, points } : zone)),
      gesture,
    );
  }

  private step(zones: readonly Zone[], gesture: unknown = null): void {
    this.draft.history.push(zones, gesture);
    this.afterStep();
  }

  private undo(): void {
    if (this.canvas?.undoCorner()) {
      this.corners = this.canvas.corners;
      return;
    }
    this.draft.history.undo();
    this.afterStep();
  }

  private redo(): void {
    this.draft.history.redo();
    this.afterStep();
  }

  private afterStep(): void {
    if (this.chosen >= this.zones.length) this.chosen = -1;
    this.requestUpdate();
    this.tellChange();
    if (this.draft.picture) this.lookSoon();
  }

  private tellChange(): void {
    const bad = this.zones.some((zone) => fault(zone.points, this.mostPoints) !== null);
    const shown = this.draft.picture;
    this.emit("change", {
      zones: this.zones,
      // A person states what stays visible: of these very zones, as the server masks them.
      fit: !bad && shown !== null && this.seen !== null,
      changed: this.draft.history.canUndo,
      reference: shown ? [shown.width, shown.height] : null,
    });
  }

  // --- what the server makes of it ---

  private lookSoon(delay = PREVIEW_DELAY_MS): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), delay);
  }

  private async look(): Promise<void> {
    const bad = this.zones.find((zone) => fault(zone.points, this.mostPoints));
    if (bad) return;
    const asked = ++this.asked;
    const zones = this.zones;
    this.previewing = true;
    try {
      const seen = await this.app.client.call("zones/preview", { ...this.target, zones: rawZones(zones) }, previewShape);
      if (asked !== this.asked) return;
      this.preview = seen;
      this.previewed = zones;
      this.previewTrouble = null;
      const shown = this.draft.picture;
      if (shown && Math.abs(seen.width * shown.height - seen.height * shown.width) > 0.02 * shown.width * seen.height) {
        // The camera has another shape than what was drawn on: nothing is guessed.
        this.draft.picture = null;
        this.trouble = asRefused({ code: "shape_changed", translation_domain: "camguard", translation_key: "shape_changed" });
      }
      this.tellChange();
    } catch (error) {
      if (asked !== this.asked) return;
      if (asRefused(error).key === "picture_not_shown") {
        // Shown too long ago: it is asked for again.
        this.draft.picture = null;
        this.tellChange();
      }
      this.previewTrouble = error;
    } finally {
      if (asked === this.asked) this.previewing = false;
    }
  }

  private previewBox(): unknown {
    return html`<div class="preview" aria-busy=${this.previewing ? "true" : "false"}>
        ${
          this.preview
            ? html`<img
                src=${`data:image/jpeg;base64,${this.preview.image}`}
                alt=${this.t("zones.preview_alt", { percent: this.app.format.percent(this.preview.covered) })}
              />`
            : html`<div class="none"><cg-icon .path=${icons.EYE_OFF}></cg-icon><p>${this.t("zones.preview_none")}</p></div>`
        }
        ${this.previewing ? html`<progress aria-label=${this.t("common.loading")}></progress>` : ""}
      </div>
      ${this.previewTrouble ? notice(icons.ALERT, this.app.texts.refusal(asRefused(this.previewTrouble)), "warning") : ""}`;
  }
}

export function rawZones(zones: readonly Zone[]): { name: string; points: string }[] {
  return zones.map((zone) => ({ name: zone.name, points: pointsText(zone.points) }));
}

function zonesWithout(zones: readonly Zone[], index: number): Zone[] {
  return zones.filter((_, i) => i !== index);
}

define("cg-zone-editor", CgZoneEditor);
