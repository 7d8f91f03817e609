import { css, html } from "lit";
import { property, state } from "lit/decorators.js";
import { isAdministrator } from "../app";
import type { Clip } from "../api/messages";
import { anything, object, text } from "../api/shape";
import { navigate } from "../hass";
import { dateOf, shifted } from "../logic/day";
import { routePath } from "../logic/route";
import { define } from "./define";
import "./dialog";
import { CgElement } from "./element";
import * as icons from "./icons";
import { failure, notice } from "./states";
import { styles } from "./styles";

type Act = "hold" | "release" | "erase";
const HOLD_DAYS = 30;
const CONCERNED = object({ certificate_link: text });

/** What can be done with one clip or several, each saying beforehand what it will write. `done`: something was. */
export class CgClipActions extends CgElement {
  @property({ attribute: false }) clips: readonly Clip[] = [];
  @state() private act: Act | null = null;
  @state() private reason = "";
  @state() private until = "";
  @state() private sure = false;
  @state() private busy = false;
  @state() private trouble: unknown = null;

  static override styles = [
    styles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
    `,
  ];

  override render(): unknown {
    if (!isAdministrator(this.app)) return "";
    const none = this.clips.length === 0;
    const held = this.clips.filter((clip) => clip.hold).length;
    return html`<button ?disabled=${none} @click=${() => this.begin("hold")}>
        <cg-icon .path=${icons.HOLD}></cg-icon>${this.t(held && held === this.clips.length ? "clips.change_hold" : "clips.hold")}
      </button>
      <button ?disabled=${held === 0 || held < this.clips.length} @click=${() => this.begin("release")}>
        <cg-icon .path=${icons.RELEASE}></cg-icon>${this.t("clips.release")}
      </button>
      <button
        ?disabled=${none}
        @click=${() => navigate(routePath("disclose", "", "", { clips: this.clips.map((clip) => clip.clip_id).join(",") }))}
      >
        <cg-icon .path=${icons.DISCLOSE}></cg-icon>${this.t("clips.disclose")}
      </button>
      <button ?disabled=${none} @click=${() => this.begin("erase")}>
        <cg-icon .path=${icons.DELETE}></cg-icon>${this.t("clips.erase")}
      </button>
      ${this.dialog()}`;
  }

  private begin(act: Act): void {
    this.act = act;
    this.reason = act === "hold" ? (this.clips[0]?.hold?.reason ?? "") : "";
    this.until = shifted(dateOf(Date.now() / 1000, this.app.zone), HOLD_DAYS);
    this.sure = false;
    this.trouble = null;
  }

  private dialog(): unknown {
    const act = this.act ?? "hold";
    const count = this.clips.length;
    const held = this.clips.filter((clip) => clip.hold).length;
    return html`<cg-dialog
      .open=${this.act !== null}
      .busy=${this.busy}
      .heading=${this.t(`clips.${act}_title`, { count })}
      @closed=${() => (this.act = null)}
    >
      <p>${this.t(`clips.${act}_hint`, { count })}</p>
      ${act === "hold" ? html`<p class="secondary">${this.t("common.purpose", { purpose: this.app.news.site?.purpose ?? "" })}</p>` : ""}
      ${act === "erase" && held ? notice(icons.HOLD, this.t("clips.erase_held", { count: held }), "warning") : ""}
      <label class="field"
        >${this.t("clips.reason")}
        <textarea
          rows="2"
          maxlength="500"
          .value=${this.reason}
          @input=${(event: Event) => (this.reason = (event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      ${
        act === "hold"
          ? html`<label class="field" style="margin-top:12px"
              >${this.t("clips.until")}
              <input
                type="date"
                .value=${this.until}
                min=${shifted(dateOf(Date.now() / 1000, this.app.zone), 1)}
                @input=${(event: Event) => (this.until = (event.target as HTMLInputElement).value)}
              />
            </label>`
          : ""
      }
      ${
        act === "erase"
          ? html`<label class="check">
              <input
                type="checkbox"
                .checked=${this.sure}
                @change=${(event: Event) => (this.sure = (event.target as HTMLInputElement).checked)}
              />
              <span>${this.t("clips.erase_sure")}</span>
            </label>`
          : ""
      }
      <p class="secondary" style="margin-top:12px">${this.t(`clips.${act}_noted`)}</p>
      ${this.busy ? html`<progress aria-label=${this.t("common.saving")}></progress>` : ""}
      ${this.trouble ? failure(this.app, this.trouble) : ""}
      <button slot="actions" ?disabled=${this.busy} @click=${() => (this.act = null)}>${this.t("common.cancel")}</button>
      <button
        slot="actions"
        class=${act === "erase" ? "danger" : "filled"}
        ?disabled=${this.busy || !this.reason.trim() || (act === "hold" && !this.until) || (act === "erase" && (!this.sure || held === count))}
        @click=${() => void this.carryOut(act)}
      >
        ${this.t(`clips.${act}`)}
      </button>
    </cg-dialog>`;
  }

  private async carryOut(act: Act): Promise<void> {
    this.busy = true;
    this.trouble = null;
    const clip_ids = this.clips.map((clip) => clip.clip_id);
    try {
      if (act === "erase") {
        await this.app.client.act(
          "wipe_media",
          { scope: "clips", clip_ids, reason: this.reason, include_held: false, confirm: true },
          CONCERNED,
        );
      } else {
        const until = act === "hold" ? { until: this.until } : {};
        await this.app.client.act(act, { clip_ids, reason: this.reason, ...until }, anything);
      }
      this.act = null;
      this.app.toast(this.t(`clips.${act}_done`, { count: clip_ids.length }));
      this.emit("done", act);
    } catch (error) {
      this.trouble = error;
    }
    this.busy = false;
  }
}

define("cg-clip-actions", CgClipActions);
