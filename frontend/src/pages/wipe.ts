import { css, html } from "lit";
import { state } from "lit/decorators.js";
import { wiped, wipePreview, type Wiped, type WipePreview } from "../api/messages";
import { define } from "../components/define";
import { link } from "../components/duties";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { failure, notice } from "../components/states";
import { styles } from "../components/styles";
import { dateOf, startOf } from "../logic/day";
import { routePath } from "../logic/route";

const SCOPES = ["everything", "camera", "before"] as const;
type Scope = (typeof SCOPES)[number];

/** Wipes: what, what stays, the word that says one means it, progress, and the certificate. */
export class CgWipe extends CgElement {
  @state() private scope: Scope | "" = "";
  @state() private camera = "";
  @state() private until = "";
  @state() private includeHeld = false;
  @state() private reason = "";
  @state() private typed = "";
  @state() private found: WipePreview | null = null;
  @state() private trouble: unknown = null;
  @state() private busy = false;
  @state() private done: Wiped | null = null;
  private asked = 0;

  static override styles = [
    styles,
    css`
      .numbers {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 12px;
      }
      .numbers div {
        border-radius: 12px;
        padding: 12px;
        background: var(--secondary-background-color);
      }
      .numbers strong {
        font-size: 24px;
        font-weight: 400;
        display: block;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => {
      this.until ||= dateOf(Date.now() / 1000, this.app.zone);
      this.camera ||= this.app.news.cameras[0]?.camera_id ?? "";
    });
  }

  private get order(): Record<string, unknown> {
    return {
      scope: this.scope,
      include_held: this.includeHeld,
      ...(this.scope === "camera" ? { camera_id: this.camera } : {}),
      ...(this.scope === "before" ? { before: startOf(this.until, this.app.zone) } : {}),
    };
  }

  private async look(): Promise<void> {
    const asked = ++this.asked;
    this.found = null;
    this.trouble = null;
    try {
      const found = await this.app.client.call("wipe/preview", this.order, wipePreview);
      if (asked === this.asked) this.found = found;
    } catch (error) {
      if (asked === this.asked) this.trouble = error;
    }
  }

  override render(): unknown {
    return html`<div class="page narrow-page">
      <h2>${this.t("wipe.title")}</h2>
      <p class="secondary">${this.t("wipe.hint")}</p>
      ${this.done ? this.result(this.done) : this.form()}
    </div>`;
  }

  private form(): unknown {
    const word = this.t("wipe.word");
    const ready = this.found !== null && this.found.clips > 0 && this.reason.trim() !== "" && this.typed.trim() === word;
    const wiping = this.app.news.site?.wiping ?? null;
    return html`<div class="card">
      <div class="card-content stack">
        <div role="radiogroup" aria-label=${this.t("wipe.scope")}>
          <h3>${this.t("wipe.scope")}</h3>
          ${SCOPES.map(
            (scope) =>
              html`<label class="check option">
                <input
                  type="radio"
                  name="scope"
                  .checked=${scope === this.scope}
                  ?disabled=${this.busy}
                  @change=${() => {
                    this.scope = scope;
                    void this.look();
                  }}
                />
                <span>${this.t(`wipe.scope_${scope}`)}</span>
              </label>`,
          )}
        </div>
        ${
          this.scope === "camera"
            ? html`<label class="field"
                >${this.t("disclose.camera")}
                <select
                  @change=${(event: Event) => {
                    this.camera = (event.target as HTMLSelectElement).value;
                    void this.look();
                  }}
                >
                  ${this.app.news.cameras.map(
                    (item) =>
                      html`<option value=${item.camera_id} ?selected=${item.camera_id === this.camera}>${item.name}</option>`,
                  )}
                </select>
              </label>`
            : ""
        }
        ${
          this.scope === "before"
            ? html`<label class="field"
                >${this.t("wipe.before")}
                <input
                  type="date"
                  .value=${this.until}
                  @change=${(event: Event) => {
                    this.until = (event.target as HTMLInputElement).value || this.until;
                    void this.look();
                  }}
                />
              </label>`
            : ""
        }
        ${this.scope ? this.what() : ""}
        ${this.trouble ? failure(this.app, this.trouble) : ""}
        ${
          this.found && this.found.clips > 0
            ? html`<label class="field"
                  >${this.t("clips.reason")}
                  <input
                    maxlength="500"
                    .value=${this.reason}
                    ?disabled=${this.busy}
                    @input=${(event: Event) => (this.reason = (event.target as HTMLInputElement).value)}
                  />
                </label>
                <label class="field"
                  >${this.t("wipe.type", { word })}
                  <input
                    autocomplete="off"
                    autocapitalize="none"
                    .value=${this.typed}
                    ?disabled=${this.busy}
                    @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}
                  />
                </label>
                <p class="secondary">${this.t("wipe.noted")}</p>`
            : ""
        }
        ${
          this.busy || wiping !== null
            ? html`<div role="status">
                <progress .value=${wiping ?? 0} max="1" aria-label=${this.t("wipe.going")}></progress>
                ${this.t("wipe.going")} ${this.app.format.percent(wiping ?? 0)}
              </div>`
            : ""
        }
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button class="danger" ?disabled=${!ready || this.busy} @click=${() => void this.wipe()}>${this.t("wipe.go")}</button>
      </div>
    </div>`;
  }

  private what(): unknown {
    const found = this.found;
    const { format } = this.app;
    if (!found) return this.trouble ? "" : html`<progress aria-label=${this.t("common.loading")}></progress>`;
    return html`<div class="numbers" role="status">
        <div><strong>${format.number(found.clips)}</strong>${this.t("wipe.goes", { size: format.size(found.size) })}</div>
        <div><strong>${format.number(found.held)}</strong>${this.t("wipe.stays")}</div>
      </div>
      ${
        found.oldest !== null && found.newest !== null
          ? html`<p class="secondary">${format.moment(found.oldest)} – ${format.moment(found.newest)}</p>`
          : ""
      }
      ${
        found.held > 0 || this.includeHeld
          ? html`<label class="check">
              <input
                type="checkbox"
                .checked=${this.includeHeld}
                @change=${(event: Event) => {
                  this.includeHeld = (event.target as HTMLInputElement).checked;
                  void this.look();
                }}
              />
              <span>${this.t("wipe.include_held")}</span>
            </label>`
          : ""
      }`;
  }

  private async wipe(): Promise<void> {
    this.busy = true;
    this.trouble = null;
    const entity = this.app.news.cameras.find((item) => item.camera_id === this.camera)?.entity_id;
    try {
      this.done = await this.app.client.act(
        "wipe_media",
        {
          scope: this.scope,
          reason: this.reason,
          include_held: this.includeHeld,
          confirm: true,
          ...(this.scope === "camera" ? { entity_id: entity } : {}),
          ...(this.scope === "before"
            ? { before: new Date(startOf(this.until, this.app.zone) * 1000).toISOString() }
            : {}),
        },
        wiped,
      );
      this.typed = "";
    } catch (error) {
      this.trouble = error;
    }
    this.busy = false;
  }

  private result(done: Wiped): unknown {
    return html`<div class="card">
      <div class="card-content stack">
        ${notice(icons.CHECK, this.t("wipe.done", { count: done.wiped }))}
        ${done.skipped_held ? notice(icons.HOLD, this.t("wipe.kept", { count: done.skipped_held })) : ""}
        ${done.failed ? notice(icons.ALERT, this.t("wipe.failed", { count: done.failed }), "error") : ""}
        <p>${this.t("wipe.medium")}</p>
        <a class="button tonal" href=${done.certificate_link} target="_blank" rel="noopener">
          <cg-icon .path=${icons.PRINT}></cg-icon>${this.t("wipe.certificate", { id: done.certificate_id })}
        </a>
        ${link(
          routePath("registers", "medium", "new", { certificate: done.certificate_id }),
          html`<cg-icon .path=${icons.MEDIUM}></cg-icon>${this.t("wipe.enter_medium")}`,
          "button",
        )}
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button
          @click=${() => {
            this.done = null;
            this.scope = "";
            this.reason = "";
            this.found = null;
          }}
        >
          ${this.t("common.close")}
        </button>
      </div>
    </div>`;
  }
}

define("cg-wipe", CgWipe);
