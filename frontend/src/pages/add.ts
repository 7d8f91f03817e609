import { css, html } from "lit";
import { query, state } from "lit/decorators.js";
import { added, candidates } from "../api/messages";
import type { Shaped } from "../api/shape";
import { define } from "../components/define";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { empty, failure, loading } from "../components/states";
import { styles } from "../components/styles";
import { forgetDraft, rawZones, type CgZoneEditor } from "../components/zone-editor";
import { navigate } from "../hass";
import type { Zone } from "../logic/geometry";
import { routePath } from "../logic/route";

const NO_ZONES: readonly Zone[] = [];

/** Guards a new camera: which, where, when it records; then its zones; then the statement. */
export class CgAdd extends CgElement {
  @state() private choices: Shaped<typeof candidates> | null = null;
  @state() private trouble: unknown = null;
  @state() private step: "camera" | "zones" | "state" = "camera";
  @state() private source = "";
  @state() private place = "";
  @state() private mode = "event";
  @state() private triggers: string[] = [];
  @state() private zones: readonly Zone[] = [];
  @state() private reference: number[] | null = null;
  @state() private fit = false;
  @state() private stated = false;
  @state() private saving = false;
  @query("cg-zone-editor") private readonly editor!: CgZoneEditor | null;
  private target: Record<string, string> = {};
  private seen = "";

  static override styles = [
    styles,
    css`
      .steps {
        display: flex;
        gap: 8px;
        margin: 8px 0 16px;
        padding: 0;
        list-style: none;
      }
      .steps li {
        flex: 1;
        border-top: 3px solid var(--divider-color);
        padding-top: 6px;
        font-size: 12px;
        color: var(--secondary-text-color);
      }
      .steps li[aria-current="step"] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
      }
      .triggers {
        max-height: 240px;
        overflow: auto;
        border: 1px solid var(--divider-color);
        border-radius: 8px;
        padding: 0 12px;
      }
      img {
        width: 100%;
        border-radius: 8px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    await this.updateComplete;
    this.trouble = null;
    try {
      this.choices = await this.app.client.call("cameras/candidates", {}, candidates);
      if (this.choices.sources.length === 1) this.source = this.choices.sources[0]?.entity_id ?? "";
    } catch (error) {
      this.trouble = error;
    }
  }

  override render(): unknown {
    if (this.trouble && !this.choices) {
      return html`<div class="page">${failure(this.app, this.trouble, () => void this.load())}</div>`;
    }
    if (!this.choices) return loading(this.app);
    const steps = ["camera", "zones", "state"] as const;
    return html`<div class="page ${this.step === "zones" ? "" : "narrow-page"}">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${() => this.back()}>
          <cg-icon .path=${icons.BACK}></cg-icon>
        </button>
        <h2>${this.t("add.title")}</h2>
      </div>
      <ol class="steps">
        ${steps.map(
          (step) => html`<li aria-current=${step === this.step ? "step" : "false"} ?data-now=${step === this.step}>
            ${this.t(`add.step_${step}`)}
          </li>`,
        )}
      </ol>
      ${this.step === "camera" ? this.cameraStep(this.choices) : this.step === "zones" ? this.zonesStep() : this.stateStep()}
    </div>`;
  }

  private back(): void {
    if (this.step === "camera") navigate(routePath("cameras"));
    else this.step = this.step === "state" ? "zones" : "camera";
  }

  /** Its login is entered in Home Assistant's own form. */
  private byAddress(): unknown {
    return html`<a href="/config/integrations/integration/camguard">${this.t("add.by_address")}</a>`;
  }

  private cameraStep(choices: Shaped<typeof candidates>): unknown {
    if (choices.sources.length === 0) {
      return empty(
        icons.CAMERA_OFF,
        this.t("add.none"),
        html`<a class="button tonal" href="/config/integrations/dashboard">${this.t("add.none_hint")}</a><br /><br />${this.byAddress()}`,
      );
    }
    const states = Object.values(this.app.hass().states)
      .filter((state) => choices.trigger_domains.includes(state.entity_id.split(".")[0] ?? ""))
      .map((state) => ({
        id: state.entity_id,
        name: typeof state.attributes.friendly_name === "string" ? state.attributes.friendly_name : state.entity_id,
      }))
      .sort((a, b) => a.name.localeCompare(b.name));
    return html`<div class="card"><div class="card-content stack">
        <label class="field"
          >${this.t("add.source")}
          <select @change=${(event: Event) => (this.source = (event.target as HTMLSelectElement).value)}>
            <option value="" ?selected=${!this.source}>${this.t("add.choose")}</option>
            ${choices.sources.map(
              (item) =>
                html`<option value=${item.entity_id} ?selected=${item.entity_id === this.source}>
                  ${item.name} (${item.entity_id})
                </option>`,
            )}
          </select>
        </label>
        <p class="secondary" style="margin:0">${this.byAddress()}</p>
        <label class="field"
          >${this.t("add.place")}
          <input
            maxlength="200"
            .value=${this.place}
            placeholder=${this.t("add.place_hint")}
            @input=${(event: Event) => (this.place = (event.target as HTMLInputElement).value)}
          />
        </label>
        <fieldset style="border:0;padding:0;margin:16px 0 0">
          <legend class="secondary">${this.t("add.mode")}</legend>
          ${["event", "continuous", "continuous_full"].map(
            (mode) =>
              html`<label class="check option">
                <input
                  type="radio"
                  name="mode"
                  .checked=${mode === this.mode}
                  @change=${() => (this.mode = mode)}
                />
                <span>${this.t(`add.mode_${mode}`)}</span>
              </label>`,
          )}
        </fieldset>
        ${
          this.mode === "event"
            ? html`<div>
                <p class="secondary">${this.t("add.triggers")}</p>
                <div class="triggers">
                  ${states.map(
                    (item) =>
                      html`<label class="check">
                        <input
                          type="checkbox"
                          .checked=${this.triggers.includes(item.id)}
                          @change=${(event: Event) => {
                            const on = (event.target as HTMLInputElement).checked;
                            this.triggers = on
                              ? [...this.triggers, item.id]
                              : this.triggers.filter((id) => id !== item.id);
                          }}
                        />
                        <span>${item.name}<br /><span class="secondary">${item.id}</span></span>
                      </label>`,
                  )}
                </div>
              </div>`
            : ""
        }
      </div>
      <div class="card-actions">
        <span class="grow secondary" style="padding:0 8px"
          >${this.t("add.more")} <a href="/config/integrations/integration/camguard">${this.t("common.integration")}</a></span
        >
        <button
          class="filled"
          ?disabled=${!this.source || !this.place.trim()}
          @click=${() => {
            if (this.target.source !== this.source) this.target = { source: this.source };
            this.step = "zones";
          }}
        >
          ${this.t("common.next")}
        </button>
      </div></div>`;
  }

  private zonesStep(): unknown {
    return html`<cg-zone-editor
        .app=${this.app}
        .target=${this.target}
        .initial=${NO_ZONES}
        @change=${(event: CustomEvent<{ zones: readonly Zone[]; fit: boolean; reference: number[] | null }>) => {
          ({ zones: this.zones, fit: this.fit, reference: this.reference } = event.detail);
        }}
      ></cg-zone-editor>
      <div class="row" style="justify-content:flex-end;margin-top:16px">
        <button
          class="filled"
          ?disabled=${!this.fit}
          @click=${() => {
            this.seen = this.editor?.seen?.image ?? "";
            this.stated = false;
            this.trouble = null;
            this.step = "state";
          }}
        >
          ${this.t("common.next")}
        </button>
      </div>`;
  }

  private stateStep(): unknown {
    return html`<div class="card"><div class="card-content">
        ${this.seen ? html`<img src="data:image/jpeg;base64,${this.seen}" alt=${this.t("zones.preview")} />` : ""}
        <label class="check">
          <input
            type="checkbox"
            .checked=${this.stated}
            @change=${(event: Event) => (this.stated = (event.target as HTMLInputElement).checked)}
          />
          <span>${this.t("zones.statement")}</span>
        </label>
        <p class="secondary">${this.t("zones.save_noted")}</p>
        ${this.saving ? html`<progress aria-label=${this.t("common.saving")}></progress>` : ""}
        ${this.trouble ? failure(this.app, this.trouble) : ""}
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button class="filled" ?disabled=${!this.stated || this.saving} @click=${() => void this.save()}>
          ${this.t("add.guard")}
        </button>
      </div></div>`;
  }

  private async save(): Promise<void> {
    this.saving = true;
    this.trouble = null;
    try {
      await this.app.client.call(
        "cameras/add",
        {
          source: this.source,
          place: this.place,
          mode: this.mode,
          triggers: this.mode === "event" ? this.triggers : [],
          zones: rawZones(this.zones),
          statement: this.stated,
          reference: this.reference,
        },
        added,
      );
      forgetDraft(JSON.stringify(this.target));
      this.app.toast(this.t("add.done"));
      navigate(routePath("cameras"));
    } catch (error) {
      this.trouble = error;
    }
    this.saving = false;
  }
}

define("cg-add", CgAdd);
