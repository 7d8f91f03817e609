import { css, html } from "lit";
import { property, state } from "lit/decorators.js";
import type { Gap, Span, Timeline } from "../api/messages";
import { stretch } from "../logic/day";
import { define } from "./define";
import { CgElement } from "./element";
import { styles } from "./styles";

const HOURS = [0, 6, 12, 18, 24];

/** A day of every camera: what was recorded, what is held, what was missed and why. `clip`: one was chosen. */
export class CgTimeline extends CgElement {
  @property({ attribute: false }) day: Timeline | null = null;
  @property({ type: Number }) from = 0;
  @property({ type: Number }) to = 0;
  @property({ attribute: false }) cameras: readonly { id: string; name: string }[] = [];
  /** Of a choice that is marked on it, epoch seconds. */
  @property({ attribute: false }) marked: readonly [number, number] | null = null;
  @state() private told = "";

  static override styles = [
    styles,
    css`
      :host {
        display: block;
      }
      .track {
        display: grid;
        grid-template-columns: minmax(72px, 140px) 1fr;
        gap: 8px;
        align-items: center;
      }
      .name {
        font-size: 12px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .bar {
        position: relative;
        height: 36px;
        margin: 2px 0;
        border-radius: 6px;
        background: var(--secondary-background-color);
        overflow: hidden;
      }
      .bar button {
        position: absolute;
        top: 0;
        bottom: 0;
        min-height: 0;
        min-width: 4px;
        padding: 0;
        border-radius: 2px;
      }
      .clip {
        background: var(--primary-color);
      }
      .clip.held {
        background: var(--warning-color, #ffa600);
      }
      .gap {
        background: repeating-linear-gradient(
          45deg,
          var(--error-color, #db4437) 0 3px,
          transparent 3px 7px
        );
      }
      .mark {
        position: absolute;
        top: 0;
        bottom: 0;
        background: color-mix(in srgb, var(--primary-text-color) 18%, transparent);
        border-inline: 2px solid var(--primary-text-color);
        pointer-events: none;
      }
      .hours {
        position: relative;
        height: 18px;
        font-size: 11px;
        color: var(--secondary-text-color);
      }
      .hours span {
        position: absolute;
        transform: translateX(-50%);
      }
      .hours span:first-child {
        transform: none;
      }
      .hours span:last-child {
        transform: translateX(-100%);
      }
      .legend {
        display: flex;
        gap: 16px;
        flex-wrap: wrap;
        font-size: 12px;
        color: var(--secondary-text-color);
        min-height: 20px;
      }
      .legend i {
        display: inline-block;
        width: 12px;
        height: 12px;
        border-radius: 2px;
        margin-inline-end: 4px;
        vertical-align: -1px;
      }
    `,
  ];

  override render(): unknown {
    const day = this.day;
    return html`<div aria-busy=${day ? "false" : "true"}>
      ${this.cameras.map(
        (camera) => html`<div class="track">
          <span class="name" title=${camera.name}>${camera.name}</span>
          <div class="bar" role="group" aria-label=${camera.name}>
            ${day?.gaps.filter((gap) => gap.camera_id === camera.id).map((gap) => this.gap(gap))}
            ${day?.clips.filter((clip) => clip.camera_id === camera.id).map((clip) => this.clip(clip))}
            ${this.mark()}
          </div>
        </div>`,
      )}
      <div class="track">
        <span></span>
        <div class="hours" aria-hidden="true">
          ${HOURS.map((hour) => html`<span style="left:${(hour / 24) * 100}%">${hour}</span>`)}
        </div>
      </div>
      <div class="legend" role="status">
        ${
          this.told
            ? html`<span>${this.told}</span>`
            : html`<span><i class="clip"></i>${this.t("timeline.recorded")}</span>
                <span><i class="clip held"></i>${this.t("timeline.held")}</span>
                <span><i class="gap"></i>${this.t("timeline.gap")}</span>
                ${day && day.shown < day.total ? html`<span>${this.t("timeline.more", { count: day.total - day.shown })}</span>` : ""}`
        }
      </div>
    </div>`;
  }

  private placed(start: number, end: number | null): string | null {
    const place = stretch(start, end, this.from, this.to);
    return place && `left:${(place.left * 100).toFixed(3)}%;width:${(place.width * 100).toFixed(3)}%`;
  }

  private clip(clip: Span): unknown {
    const style = this.placed(clip.start, clip.end);
    if (!style) return "";
    const { format } = this.app;
    const words = this.t(clip.held ? "timeline.held_clip" : "timeline.clip", {
      start: format.time(clip.start, true),
      end: format.time(clip.end, true),
      expires: clip.expires === null ? "" : format.shortDay(clip.expires),
    });
    return html`<button
      class="clip ${clip.held ? "held" : ""}"
      style=${style}
      aria-label=${words}
      @focus=${() => (this.told = words)}
      @blur=${() => (this.told = "")}
      @pointerenter=${() => (this.told = words)}
      @pointerleave=${() => (this.told = "")}
      @click=${() => this.emit("clip", clip)}
    ></button>`;
  }

  private gap(gap: Gap): unknown {
    // One that goes on does so until now, not into the hours to come.
    const style = this.placed(gap.start, gap.end ?? Math.min(Date.now() / 1000, this.to));
    if (!style) return "";
    const { format, texts } = this.app;
    const words = this.t("timeline.gap_told", {
      start: format.time(gap.start, true),
      end: gap.end === null ? "…" : format.time(gap.end, true),
      cause: texts.fault(gap.cause, { camera: this.app.cameraName(gap.camera_id) }) ?? this.causeOf(gap.cause),
    });
    return html`<button
      class="gap"
      style=${style}
      aria-label=${words}
      @focus=${() => (this.told = words)}
      @click=${() => (this.told = words)}
      @pointerenter=${() => (this.told = words)}
    ></button>`;
  }

  private causeOf(cause: string): string {
    return this.app.texts.has(`timeline.cause_${cause}`) ? this.t(`timeline.cause_${cause}`) : cause;
  }

  private mark(): unknown {
    if (!this.marked) return "";
    const style = this.placed(...this.marked);
    return style ? html`<div class="mark" style=${style}></div>` : "";
  }
}

define("cg-timeline", CgTimeline);
