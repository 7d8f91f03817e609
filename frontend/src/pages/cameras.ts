import { css, html, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { isAdministrator } from "../app";
import type { Camera } from "../api/messages";
import { define } from "../components/define";
import "../components/live";
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
      .break {
        flex-basis: 100%;
      }
      .top {
        display: flex;
        align-items: center;
        gap: 16px;
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
      <div class="top">
        <span class="secondary grow">${this.t("common.purpose", { purpose: this.app.news.site?.purpose ?? "" })}</span>
        ${admin ? add : ""}
      </div>
      <div class="grid">${cameras.map((camera) => this.card(camera, admin))}</div>
    </div>`;
  }

  private card(camera: Camera, admin: boolean): unknown {
    const entity = camera.entity_id ? this.hass.states[camera.entity_id] : undefined;
    const well = ["streaming", "recording", "finishing"].includes(camera.state) && !camera.reason;
    const dot = camera.view ? "bad" : well ? "good" : "bad";
    const reason = this.app.texts.fault(camera.reason, camera.detail);
    return html`<section class="card" aria-label=${camera.name} data-camera=${camera.camera_id}>
      <cg-live
        .app=${this.app}
        .hass=${this.hass}
        .entity=${entity}
        .well=${well}
        .private=${camera.private}
        .beat=${this.beat}
        .name=${camera.name}
      ></cg-live>
      <div class="card-content">
        <div class="head"><h3>${camera.name}</h3><span class="secondary">${camera.place}</span></div>
        <p class="row" role="status">
          <cg-icon
            class="dot ${camera.state === "recording" ? "live" : camera.private ? "" : dot}"
            .path=${camera.private ? icons.EYE_OFF : icons.DOT}
          ></cg-icon>
          ${camera.private ? this.t("cameras.privacy") : this.t(`cameras.state_${camera.state}`)}${
            camera.armed || camera.private ? "" : ` · ${this.t("cameras.disarmed")}`
          }
        </p>
        ${
          camera.private
            ? html`<p class="secondary">${this.t("cameras.privacy_hint")}</p>`
            : reason && !well
              ? html`<p class="secondary">${reason}</p>`
              : camera.view
                ? html`<p class="secondary">${this.t(`cameras.view_${camera.view}`)}</p>`
                : ""
        }
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
          @change=${(event: Event) => void this.turn(camera.switch, camera.armed, event.target as HTMLInputElement)}
        />
        ${this.t("cameras.armed")}
      </label>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${camera.private}
          ?disabled=${camera.privacy_switch === null}
          @change=${(event: Event) =>
            void this.turn(camera.privacy_switch, camera.private, event.target as HTMLInputElement)}
        />
        ${this.t("cameras.privacy")}
      </label>
      <span class="break"></span>
      <button
        ?disabled=${busy || !camera.armed || camera.private}
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
      <button
        @click=${() => navigate(routePath("cameras", camera.camera_id, "motion"))}
        aria-label=${`${this.t("cameras.motion")}: ${camera.name}`}
      >
        <cg-icon .path=${icons.MOTION}></cg-icon>${this.t("cameras.motion")}
      </button>
    </div>`;
  }

  private zonesOf(camera: Camera): string {
    return camera.zones ? this.t("cameras.zones", { count: camera.zones }) : this.t("cameras.zones_none");
  }

  private async turn(entityId: string | null, before: boolean, box: HTMLInputElement): Promise<void> {
    try {
      await this.hass.callService("switch", box.checked ? "turn_on" : "turn_off", { entity_id: entityId });
    } catch (error) {
      this.app.toast(error);
      box.checked = before;
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
