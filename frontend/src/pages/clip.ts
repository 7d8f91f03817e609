import { css, html, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { isAdministrator } from "../app";
import { asRefused } from "../api/client";
import { ledgerPage, wholeClip, type Entry, type WholeClip } from "../api/messages";
import "../components/clip-actions";
import { define } from "../components/define";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { empty, failure, loading, notice } from "../components/states";
import { styles } from "../components/styles";
import { navigate } from "../hass";
import { momentOf, routePath, type Route } from "../logic/route";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

/** One clip: its player, what it is, and what can be done with it. */
export class CgClip extends CgElement {
  @property() clipId = "";
  @property({ attribute: false }) route!: Route;
  @state() private clip: WholeClip | null = null;
  @state() private trouble: unknown = null;
  @state() private views: readonly Entry[] | null = null;
  @state() private speed = 1;
  @state() private broken = "";
  @query("video") private readonly video!: HTMLVideoElement | null;
  private clipsSeen = -1;
  private resumeAt = 0;
  private renewed = false;

  static override styles = [
    styles,
    css`
      video {
        width: 100%;
        max-height: 72vh;
        background: #000;
        display: block;
        border-radius: 12px 12px 0 0;
      }
      .layout {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(280px, 1fr);
        gap: 16px;
        align-items: start;
      }
      @media (max-width: 870px) {
        .layout {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px;
        padding: 8px;
      }
      .controls select {
        width: auto;
        min-height: 40px;
        padding: 4px 8px;
      }
      .top {
        display: flex;
        gap: 8px;
        align-items: center;
        margin-bottom: 12px;
      }
      li {
        padding: 4px 0;
      }
      ul {
        margin: 0;
        padding-inline-start: 20px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("clipId")) {
      this.clip = null;
      this.views = null;
      this.resumeAt = momentOf(this.route.query);
      this.clipsSeen = this.app.news.clips;
      void this.load();
    } else if (this.app.news.clips !== this.clipsSeen) {
      this.clipsSeen = this.app.news.clips;
      void this.look();
    }
  }

  private async load(): Promise<void> {
    this.trouble = null;
    this.broken = "";
    try {
      this.clip = (await this.app.client.call("clips/get", { clip_id: this.clipId }, wholeClip)).clip;
    } catch (error) {
      this.clip = null;
      this.trouble = error;
    }
  }

  /** Look whether the clip is still there, without disturbing who watches it. */
  private async look(): Promise<void> {
    if (!this.clip) return;
    try {
      const { clip } = await this.app.client.call("clips/get", { clip_id: this.clipId }, wholeClip);
      this.clip = { ...clip, link: this.clip.link };
    } catch (error) {
      if (!["clip_erased", "clip_not_found"].includes(asRefused(error).key)) return;
      this.video?.pause();
      this.video?.removeAttribute("src");
      this.video?.load();
      this.clip = null;
      this.trouble = error;
    }
  }

  private async loadViews(): Promise<void> {
    const events = ["viewed", "held", "released", "disclosing"];
    try {
      const page = await this.app.client.call("ledger/list", { clip_id: this.clipId, events, limit: 50 }, ledgerPage);
      this.views = page.entries;
    } catch (error) {
      this.app.toast(error);
    }
  }

  override render(): unknown {
    if (this.trouble) {
      const key = asRefused(this.trouble).key;
      const gone = key === "clip_erased" || key === "clip_not_found";
      return html`<div class="page narrow-page">
        ${
          gone
            ? empty(
                icons.DELETE,
                this.app.texts.refusal(asRefused(this.trouble)),
                html`<button class="tonal" @click=${() => navigate(routePath("clips"))}>${this.t("clips.to_all")}</button>`,
              )
            : failure(this.app, this.trouble, () => void this.load())
        }
      </div>`;
    }
    const clip = this.clip;
    if (!clip) return loading(this.app);
    const { format } = this.app;
    return html`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${() => navigate(routePath("clips"))}>
          <cg-icon .path=${icons.BACK}></cg-icon>
        </button>
        <h2 class="grow">${clip.camera_name} · ${format.moment(clip.start)}</h2>
      </div>
      <div class="layout">
        <div class="card">
          <video
            controls
            playsinline
            preload="metadata"
            poster=${clip.thumbnail}
            .src=${clip.link}
            aria-label=${`${clip.camera_name}, ${format.moment(clip.start)}`}
            @loadedmetadata=${this.onReady}
            @playing=${() => {
              this.broken = "";
              this.renewed = false;
            }}
            @error=${this.onError}
            @ratechange=${(event: Event) => (this.speed = (event.target as HTMLVideoElement).playbackRate)}
          ></video>
          ${this.broken ? notice(icons.ALERT, this.broken, "error") : ""}
          ${this.controls(clip)}
          ${isAdministrator(this.app) ? html`<div class="card-actions"><cg-clip-actions .app=${this.app} .clips=${[clip]} @done=${() => void this.look()}></cg-clip-actions></div>` : ""}
        </div>
        <div class="stack">${this.facts(clip)}${this.viewers()}</div>
      </div>
    </div>`;
  }

  private controls(clip: WholeClip): unknown {
    const button = (icon: string, key: string, act: () => void, disabled = false): unknown =>
      html`<button class="icon" title=${this.t(key)} aria-label=${this.t(key)} ?disabled=${disabled} @click=${act}>
        <cg-icon .path=${icon}></cg-icon>
      </button>`;
    return html`<div class="controls" role="toolbar" aria-label=${this.t("player.controls")}>
      ${button(icons.PREVIOUS, "player.older", () => this.goTo(clip.older), !clip.older)}
      ${button(icons.STEP_BACK, "player.frame_back", () => this.step(-1))}
      ${button(icons.STEP, "player.frame", () => this.step(1))}
      ${button(icons.NEXT, "player.newer", () => this.goTo(clip.newer), !clip.newer)}
      <span class="grow"></span>
      <select
        aria-label=${this.t("player.speed")}
        @change=${(event: Event) => {
          if (this.video) this.video.playbackRate = Number((event.target as HTMLSelectElement).value);
        }}
      >
        ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>×${speed}</option>`)}
      </select>
      ${button(icons.EXPAND, "player.full", () => this.full())}
    </div>`;
  }

  private facts(clip: WholeClip): unknown {
    const { format } = this.app;
    const entity = clip.trigger.entity_id;
    const name = entity ? this.app.hass().states[entity]?.attributes.friendly_name : null;
    const why = [this.t(`clips.kind_${clip.trigger.kind}`), typeof name === "string" ? name : entity, clip.trigger.reason];
    return html`<div class="card"><div class="card-content">
        ${clip.hold ? notice(icons.HOLD, this.t("clips.held_until", { until: format.shortDay(clip.hold.until), reason: clip.hold.reason ?? "" })) : ""}
        ${clip.clock_error ? notice(icons.CLOCK, this.t("clips.clock_error", { seconds: format.number(clip.clock_error) }), "warning") : ""}
        ${clip.adaptive ? notice(icons.INFO, this.t("clips.adaptive")) : ""}
        ${clip.frame_rate_lowered ? notice(icons.INFO, this.t("clips.frame_rate_lowered")) : ""}
        ${clip.recovered ? notice(icons.INFO, this.t("clips.recovered")) : ""}
        <dl style="margin-top:8px">
          <dt>${this.t("clips.place")}</dt>
          <dd>${clip.place}</dd>
          <dt>${this.t("clips.why")}</dt>
          <dd>${why.filter(Boolean).join(" · ")}</dd>
          <dt>${this.t("clips.length")}</dt>
          <dd>${format.length(clip.end - clip.start)} · ${format.size(clip.size)} · ${clip.width}×${clip.height}</dd>
          <dt>${this.t("clips.expires")}</dt>
          <dd>${clip.expires === null ? this.t("clips.expires_never") : `${format.moment(clip.expires)} (${format.relative(clip.expires, Date.now() / 1000)})`}</dd>
          <dt>${this.t("clips.zones")}</dt>
          <dd>${clip.zones.map((zone) => zone.name).join(", ") || this.t("clips.zones_none")}</dd>
          <dt>${this.t("clips.purpose")}</dt>
          <dd>${clip.purpose}</dd>
          <dt>SHA-256</dt>
          <dd class="mono">${clip.sha256}</dd>
        </dl>
      </div></div>`;
  }

  private viewers(): unknown {
    if (!this.views) return "";
    const { format } = this.app;
    return html`<div class="card"><div class="card-content">
        <h3>${this.t("clips.history")}</h3>
        ${
          this.views.length === 0
            ? html`<p class="secondary">${this.t("clips.history_none")}</p>`
            : html`<ul>
                ${this.views.map((entry) => {
                  const who = entry.body?.user_name;
                  return html`<li>
                    ${format.moment(entry.time)} · ${typeof who === "string" && who ? who : this.t("ledger.nobody")} ·
                    ${this.t(`clips.did_${entry.event}`)}
                  </li>`;
                })}
              </ul>`
        }
      </div></div>`;
  }

  private readonly onReady = (): void => {
    const video = this.video;
    if (video && this.resumeAt) video.currentTime = Math.min(this.resumeAt, video.duration || this.resumeAt);
    this.resumeAt = 0;
    // The view that this is has been written down by now.
    if (isAdministrator(this.app)) void this.loadViews();
  };

  /** A link ends after ten minutes: it is asked for again, once; what it then tells is the true cause. */
  private readonly onError = (): void => {
    if (!this.clip || !this.video?.getAttribute("src")) return;
    if (this.renewed) {
      this.broken = this.t("player.broken");
      return;
    }
    this.renewed = true;
    this.resumeAt = this.video.currentTime;
    void this.load();
  };

  private step(frames: number): void {
    const video = this.video;
    if (!video || !this.clip) return;
    video.pause();
    const length = (this.clip.end - this.clip.start) / Math.max(this.clip.frames, 1);
    // The middle of the frame: its edge may still be the one before.
    const now = Math.floor(video.currentTime / length + 1e-6);
    video.currentTime = Math.min(Math.max((now + frames + 0.5) * length, 0), video.duration);
  }

  private full(): void {
    const video = this.video;
    if (!video) return;
    // iPhones know their own way only.
    const enter = (video as unknown as { webkitEnterFullscreen?: () => void }).webkitEnterFullscreen;
    if (document.fullscreenEnabled) void video.requestFullscreen();
    else enter?.call(video);
  }

  private goTo(clipId: string | null): void {
    if (clipId) navigate(routePath("clips", clipId), true);
  }
}

define("cg-clip", CgClip);
