import { css, html, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { isAdministrator } from "../app";
import type { Camera } from "../api/messages";
import { define } from "../components/define";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { empty } from "../components/states";
import { styles } from "../components/styles";
import { navigate, type Hass } from "../hass";
import { routePath } from "../logic/route";

const STILL_MS = 10_000;

/** The guarded cameras: what they show, how they do, and what can be done. */
export class CgCameras extends CgElement {
  @property({ attribute: false }) hass!: Hass;
  @state() private beat = 0;
  @state() private busy = new Set<string>();
  private timer = 0;

  static override styles = [
    styles,
    css`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 360px), 1fr));
        gap: 16px;
        align-items: start;
      }
      .dot {
        --cg-icon-size: 12px;
      }
      .good {
        color: var(--success-color, #43a047);
      }
      .bad {
        color: var(--error-color, #db4437);
      }
      .live {
        color: var(--error-color, #db4437);
      }
      .head {
        display: flex;
        gap: 8px;
        align-items: baseline;
        justify-content: space-between;
      }
      .switch {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 44px;
        cursor: pointer;
      }
      .switch input {
        appearance: none;
        width: 44px;
        height: 24px;
        border-radius: 12px;
        border: 0;
        padding: 0;
        background: var(--secondary-text-color);
        position: relative;
        transition: background 0.15s;
      }
      .switch input:checked {
        background: color-mix(in srgb, var(--primary-color) 80%, #000);
      }
      .switch input::after {
        content: "";
        position: absolute;
        top: 3px;
        left: 3px;
        width: 18px;
        height: 18px;
        border-radius: 50%;
        background: #fff;
        transition: left 0.15s;
      }
      .switch input:checked::after {
        left: 23px;
      }
      .top {
        display: flex;
        justify-content: flex-end;
        margin-bottom: 16px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (!document.hidden) this.beat++;
    }, STILL_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    // Every state in the house makes a new hass; only our cameras' matter here.
    if (changed.size > 1 || !changed.has("hass")) return true;
    const before = changed.get("hass");
    return this.app.news.cameras.some(
      ({ entity_id }) => entity_id !== null && before?.states[entity_id] !== this.hass.states[entity_id],
    );
  }

  override render(): unknown {
    const cameras = this.app.news.cameras;
    const admin = isAdministrator(this.app);
    const add = html`<button class="filled" @click=${() => navigate(routePath("cameras", "add"))}>
      <cg-icon .path=${icons.PLUS}></cg-icon>${this.t("cameras.add")}
    </button>`;
    if (cameras.length === 0) {
      return html`<div class="page">
        ${empty(icons.CAMERA, this.t("cameras.none"), admin ? html`${this.t("cameras.none_hint")}<br /><br />${add}` : "")}
      </div>`;
    }
    return html`<div class="page">
      ${admin ? html`<div class="top">${add}</div>` : ""}
      <div class="grid">${cameras.map((camera) => this.card(camera, admin))}</div>
    </div>`;
  }

  private card(camera: Camera, admin: boolean): unknown {
    const entity = camera.entity_id ? this.hass.states[camera.entity_id] : undefined;
    const picture = entity?.attributes.entity_picture;
    const well = ["streaming", "recording", "finishing"].includes(camera.state) && !camera.reason;
    const reason = this.app.texts.fault(camera.reason, camera.detail);
    return html`<section class="card" aria-label=${camera.name} data-camera=${camera.camera_id}>
      <cg-still
        .app=${this.app}
        .source=${well && typeof picture === "string" ? picture : ""}
        .beat=${this.beat}
        .name=${camera.name}
      ></cg-still>
      <div class="card-content">
        <div class="head"><h3>${camera.name}</h3><span class="secondary">${camera.place}</span></div>
        <p class="row" role="status">
          <cg-icon
            class="dot ${camera.state === "recording" ? "live" : well ? "good" : "bad"}"
            .path=${icons.DOT}
          ></cg-icon>
          ${this.t(`cameras.state_${camera.state}`)}${camera.armed ? "" : ` · ${this.t("cameras.disarmed")}`}
        </p>
        ${reason && !well ? html`<p class="secondary">${reason}</p>` : ""}
        <p class="secondary">
          ${
            camera.last_clip
              ? html`<a
                  href=${routePath("clips", camera.last_clip.clip_id)}
                  @click=${(event: MouseEvent) => {
                    event.preventDefault();
                    navigate(routePath("clips", camera.last_clip?.clip_id));
                  }}
                  >${this.t("cameras.last_clip", { when: this.app.format.moment(camera.last_clip.start) })}</a
                >`
              : this.t("cameras.no_clip")
          }
        </p>
      </div>
      ${admin ? this.actions(camera) : ""}
    </section>`;
  }

  private actions(camera: Camera): unknown {
    const busy = this.busy.has(camera.camera_id);
    return html`<div class="card-actions">
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${camera.armed}
          ?disabled=${camera.switch === null}
          @change=${(event: Event) => void this.arm(camera, event.target as HTMLInputElement)}
        />
        ${this.t("cameras.armed")}
      </label>
      <span class="grow"></span>
      <button
        ?disabled=${busy || !camera.armed}
        @click=${() => void this.record(camera)}
        aria-label=${`${this.t("cameras.record")}: ${camera.name}`}
      >
        <cg-icon .path=${icons.RECORD}></cg-icon>${busy ? this.t("cameras.starting") : this.t("cameras.record")}
      </button>
      <button
        @click=${() => navigate(routePath("cameras", camera.camera_id, "zones"))}
        aria-label=${`${this.zonesOf(camera)}: ${camera.name}`}
      >
        <cg-icon .path=${icons.ZONES}></cg-icon>${this.zonesOf(camera)}
      </button>
    </div>`;
  }

  private zonesOf(camera: Camera): string {
    return camera.zones ? this.t("cameras.zones", { count: camera.zones }) : this.t("cameras.zones_none");
  }

  private async arm(camera: Camera, box: HTMLInputElement): Promise<void> {
    try {
      await this.hass.callService("switch", box.checked ? "turn_on" : "turn_off", { entity_id: camera.switch });
    } catch (error) {
      this.app.toast(error);
      box.checked = camera.armed;
    }
  }

  private async record(camera: Camera): Promise<void> {
    this.busy = new Set([...this.busy, camera.camera_id]);
    try {
      await this.app.client.send({
        type: "call_service",
        domain: "camguard",
        service: "record",
        service_data: { duration: 30 },
        target: { entity_id: camera.entity_id },
        return_response: true,
      });
      this.app.toast(this.t("cameras.recording_begun", { camera: camera.name }));
    } catch (error) {
      this.app.toast(error);
    }
    this.busy = new Set([...this.busy].filter((id) => id !== camera.camera_id));
  }
}

define("cg-cameras", CgCameras);

/** A camera's masked picture, renewed at each beat without flicker. The live player will take its place. */
export class CgStill extends CgElement {
  @property() source = "";
  @property({ type: Number }) beat = 0;
  @property() name = "";
  @state() private shown = "";
  @state() private failed = false;

  static override styles = [
    styles,
    css`
      div {
        aspect-ratio: 16 / 9;
        background: #111;
        color: #ddd;
        display: flex;
        align-items: center;
        justify-content: center;
      }
      img {
        width: 100%;
        height: 100%;
        object-fit: contain;
        display: block;
      }
      span {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 8px;
      }
    `,
  ];

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("source") && !changed.has("beat")) return;
    if (!this.source) {
      this.shown = "";
      return;
    }
    const next = new Image();
    next.onload = () => {
      this.shown = next.src;
      this.failed = false;
    };
    next.onerror = () => (this.failed = true);
    next.src = `${this.source}&width=720&t=${Date.now()}`;
  }

  override render(): unknown {
    const away = this.source ? (this.failed ? "cameras.no_picture" : "common.loading") : "cameras.no_picture";
    return html`<div>
      ${
        this.shown && this.source
          ? html`<img src=${this.shown} alt=${this.t("cameras.picture_of", { camera: this.name })} />`
          : html`<span><cg-icon .path=${this.source ? icons.CAMERA : icons.CAMERA_OFF}></cg-icon>${this.t(away)}</span>`
      }
    </div>`;
  }
}

define("cg-still", CgStill);
