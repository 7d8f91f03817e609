import { css, html, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { EntityState, Hass } from "../hass";
import { CgElement } from "./element";
import { define } from "./define";
import * as icons from "./icons";
import { styles } from "./styles";

/** Home Assistant's own player; where a page was opened without it, pictures one after the other do. */
const PLAYER = "ha-camera-stream";

/** A camera's masked picture, renewed at each beat without flicker; after a press on it, live. */
export class CgLive extends CgElement {
  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) entity: EntityState | undefined;
  @property({ type: Boolean }) well = false;
  /** Full privacy: what Home Assistant shows then is a pictogram. */
  @property({ type: Boolean }) private = false;
  @property({ type: Number }) beat = 0;
  @property() name = "";
  @state() private shown = "";
  @state() private failed = false;
  @state() private playing = false;

  static override styles = [
    styles,
    css`
      .frame {
        position: relative;
        aspect-ratio: 16 / 9;
        background: #111;
        color: #ddd;
        display: flex;
        align-items: center;
        justify-content: center;
        overflow: hidden;
      }
      img,
      ha-camera-stream {
        width: 100%;
        height: 100%;
        object-fit: contain;
        display: block;
      }
      .away {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 8px;
      }
      .frame > button {
        position: absolute;
        background: rgba(0, 0, 0, 0.55);
        color: #fff;
        border-radius: 50%;
        width: 56px;
        height: 56px;
        min-width: 0;
        padding: 0;
        --cg-icon-size: 32px;
      }
      .frame > button.end {
        top: 8px;
        right: 8px;
        width: 44px;
        height: 44px;
        --cg-icon-size: 24px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.pause);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.pause);
    this.playing = false;
  }

  /** Who doesn't look costs nothing: a hidden page's player is let go of, and comes again with the page. */
  private readonly pause = (): void => this.requestUpdate();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("well") && !this.well) this.playing = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const source = this.picture;
    if (!source) this.shown = "";
    const due = changed.has("entity") || changed.has("beat") || changed.has("well") || changed.has("private");
    if (!source || this.playing || !due) return;
    const next = new Image();
    next.onload = () => {
      this.shown = next.src;
      this.failed = false;
    };
    next.onerror = () => (this.failed = true);
    next.src = `${source}&width=720&t=${Date.now()}`;
  }

  private get picture(): string {
    const picture = this.entity?.attributes.entity_picture;
    return (this.well || this.private) && typeof picture === "string" ? picture : "";
  }

  override render(): unknown {
    return html`<div class="frame">${this.playing && !document.hidden ? this.live() : this.still()}</div>`;
  }

  private live(): unknown {
    const label = this.t("cameras.live_of", { camera: this.name });
    const player = customElements.get(PLAYER)
      ? html`<ha-camera-stream
          aria-label=${label}
          .hass=${this.hass}
          .stateObj=${this.entity}
          .muted=${true}
          .controls=${true}
          .fitMode=${"contain"}
        ></ha-camera-stream>`
      : html`<img src=${this.picture.replace("/camera_proxy/", "/camera_proxy_stream/")} alt=${label} />`;
    return html`${player}<button
        class="end"
        @click=${() => (this.playing = false)}
        aria-label=${`${this.t("cameras.live_end")}: ${this.name}`}
      >
        <cg-icon .path=${icons.CLOSE}></cg-icon>
      </button>`;
  }

  private still(): unknown {
    const source = this.picture;
    if (!this.shown || !source) {
      const text = source && !this.failed ? "common.loading" : "cameras.no_picture";
      return html`<span class="away"
        ><cg-icon .path=${source ? icons.CAMERA : icons.CAMERA_OFF}></cg-icon>${this.t(text)}</span
      >`;
    }
    return html`<img src=${this.shown} alt=${this.t("cameras.picture_of", { camera: this.name })} />${
      this.well
        ? html`<button
            @click=${() => (this.playing = true)}
            aria-label=${`${this.t("cameras.live")}: ${this.name}`}
            title=${this.t("cameras.live")}
          >
            <cg-icon .path=${icons.PLAY}></cg-icon>
          </button>`
        : nothing
    }`;
  }
}

define("cg-live", CgLive);
