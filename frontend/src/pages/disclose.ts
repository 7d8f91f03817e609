import { css, html, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { exported, fetched, planned, timeline, type Fetched, type Planned, type Timeline } from "../api/messages";
import { define } from "../components/define";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { empty, failure, notice } from "../components/states";
import { styles } from "../components/styles";
import "../components/timeline";
import { dateOf, fromField, shifted, startOf, toField } from "../logic/day";
import type { Route } from "../logic/route";

const STEPS = ["ground", "recipient", "content", "check", "hand_over"] as const;
type Step = (typeof STEPS)[number];
const GROUNDS = ["law", "investigation", "emergency"] as const;
const FORMS = ["sealed_zip", "hand_over"] as const;

interface Answers {
  ground: string;
  organization: string;
  name: string;
  reference: string;
  purpose: string;
  form: string;
  clips: string[];
  camera: string;
  start: string;
  end: string;
}

const fresh = (): Answers => ({
  ground: "",
  organization: "",
  name: "",
  reference: "",
  purpose: "",
  form: "sealed_zip",
  clips: [],
  camera: "",
  start: "",
  end: "",
});
/** Kept while the panel is away (panel.md: Home Assistant takes it apart after five minutes). */
let answers = fresh();
let step: Step = "ground";
let offer: Fetched | null = null;

/** Hands footage out: on which ground, to whom, what; then the download, the password once, and the receipt. */
export class CgDisclose extends CgElement {
  @property({ attribute: false }) route!: Route;
  @state() private parts: readonly Planned[] | null = null;
  @state() private day: Timeline | null = null;
  @state() private busy = false;
  @state() private trouble: unknown = null;
  @state() private begun = false;
  @state() private copied = false;
  private timer = 0;

  static override styles = [
    styles,
    css`
      .steps {
        display: flex;
        gap: 4px;
        list-style: none;
        padding: 0;
        margin: 8px 0 16px;
      }
      .steps li {
        flex: 1;
        min-width: 0;
        border-top: 3px solid var(--divider-color);
        padding-top: 6px;
        font-size: 12px;
        color: var(--secondary-text-color);
        overflow-wrap: anywhere;
      }
      .steps li[data-done] {
        border-color: var(--primary-color);
      }
      .steps li[aria-current="step"] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
        font-weight: 500;
      }
      .part {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .password {
        font-size: 24px;
        letter-spacing: 1px;
        padding: 12px;
        border: 2px dashed var(--primary-color);
        border-radius: 8px;
        text-align: center;
        user-select: all;
        overflow-wrap: anywhere;
        font-family: var(--ha-font-family-code, monospace);
      }
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr));
        gap: 12px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("route")) {
      const clips = this.route.query.get("clips");
      if (clips && clips !== answers.clips.join(",")) {
        answers = { ...fresh(), clips: clips.split(",") };
        step = "ground";
        offer = null;
      }
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Shown once: who leaves the page has written it down, or makes another bundle.
    if (offer) offer = { ...offer, password: null };
  }

  private set<K extends keyof Answers>(name: K, value: Answers[K]): void {
    answers = { ...answers, [name]: value };
    this.requestUpdate();
  }

  private go(to: Step): void {
    step = to;
    this.trouble = null;
    if (to === "content" || to === "check") this.plan(0);
    this.requestUpdate();
  }

  override render(): unknown {
    const index = STEPS.indexOf(step);
    const pages: Record<Step, () => unknown> = {
      ground: () => this.groundStep(),
      recipient: () => this.recipientStep(),
      content: () => this.contentStep(),
      check: () => this.checkStep(),
      hand_over: () => this.handOverStep(),
    };
    return html`<div class="page narrow-page">
      <h2>${this.t("disclose.title")}</h2>
      <ol class="steps">
        ${STEPS.map(
          (name, i) =>
            html`<li aria-current=${i === index ? "step" : "false"} ?data-done=${i < index}>${this.t(`disclose.step_${name}`)}</li>`,
        )}
      </ol>
      ${pages[step]()}
    </div>`;
  }

  private frame(content: unknown, ready: boolean, next: () => void, nextKey = "common.next"): unknown {
    const index = STEPS.indexOf(step);
    return html`<div class="card">
      <div class="card-content stack">${content} ${this.trouble ? failure(this.app, this.trouble) : ""}</div>
      <div class="card-actions">
        ${
          index > 0
            ? html`<button ?disabled=${this.busy} @click=${() => this.go(STEPS[index - 1] ?? "ground")}>
                ${this.t("common.back")}
              </button>`
            : ""
        }
        <span class="grow"></span>
        <button class="filled" ?disabled=${!ready || this.busy} @click=${next}>${this.t(nextKey)}</button>
      </div>
    </div>`;
  }

  private groundStep(): unknown {
    return this.frame(
      html`<p>${this.t("disclose.ground_hint")}</p>
        <p class="secondary">${this.t("common.purpose", { purpose: this.app.news.site?.purpose ?? "" })}</p>
        <div role="radiogroup" aria-label=${this.t("disclose.step_ground")}>
          ${GROUNDS.map(
            (ground) =>
              html`<label class="check option">
                <input
                  type="radio"
                  name="ground"
                  .checked=${answers.ground === ground}
                  @change=${() => this.set("ground", ground)}
                />
                <span
                  ><strong>${this.t(`disclose.ground_${ground}`)}</strong><br /><span class="secondary"
                    >${this.t(`disclose.ground_${ground}_hint`)}</span
                  ></span
                >
              </label>`,
          )}
        </div>`,
      answers.ground !== "",
      () => this.go("recipient"),
    );
  }

  private field(name: "organization" | "name" | "reference" | "purpose"): unknown {
    return html`<label class="field"
      >${this.t(`disclose.${name}`)}
      <input
        maxlength="200"
        autocomplete="off"
        .value=${answers[name]}
        @input=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)}
      />
    </label>`;
  }

  private recipientStep(): unknown {
    return this.frame(
      html`<p>${this.t("disclose.recipient_hint")}</p>
        ${this.field("organization")}${this.field("name")}${this.field("reference")}${this.field("purpose")}`,
      [answers.name, answers.organization, answers.purpose].every((text) => text.trim() !== ""),
      () => this.go("content"),
    );
  }

  // --- content ---

  private get byTime(): boolean {
    return answers.clips.length === 0;
  }

  private get span(): [number, number] | null {
    if (!answers.start || !answers.end) return null;
    const [start, end] = [fromField(answers.start, this.app.zone), fromField(answers.end, this.app.zone)];
    return end > start ? [start, end] : null;
  }

  private get content(): Record<string, unknown> | null {
    if (!this.byTime) return { clip_ids: answers.clips };
    const span = this.span;
    return answers.camera && span ? { camera_id: answers.camera, start: span[0], end: span[1] } : null;
  }

  private plan(delay = 400): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), delay);
  }

  private async look(): Promise<void> {
    const [date] = (answers.start || toField(Date.now() / 1000, this.app.zone)).split("T");
    const content = this.content;
    this.parts = null;
    this.trouble = null;
    try {
      const start = startOf(date ?? "", this.app.zone);
      const end = startOf(shifted(date ?? "", 1), this.app.zone);
      if (this.byTime) this.day = await this.app.client.call("timeline", { start, end }, timeline);
      if (content) this.parts = (await this.app.client.call("disclosures/preview", content, planned)).parts;
    } catch (error) {
      this.trouble = error;
    }
  }

  private contentStep(): unknown {
    return this.frame(
      this.byTime ? this.timeFields() : html`${this.t("disclose.chosen_clips", { count: answers.clips.length })}
            <button
              @click=${() => {
                this.set("clips", []);
                this.plan(0);
              }}
            >
              ${this.t("disclose.by_time")}
            </button>
            ${this.partList()}`,
      (this.parts?.length ?? 0) > 0,
      () => this.go("check"),
    );
  }

  private timeFields(): unknown {
    const cameras = this.app.news.cameras;
    const first = cameras.find((camera) => camera.last_clip) ?? cameras[0];
    if (!answers.camera && first) answers = { ...answers, camera: first.camera_id };
    if (!answers.start) {
      const start = cameras.find((camera) => camera.camera_id === answers.camera)?.last_clip;
      if (start) {
        answers = { ...answers, start: toField(start.start, this.app.zone), end: toField(start.end + 1, this.app.zone) };
      }
    }
    const edit = (name: "start" | "end" | "camera") => (event: Event) => {
      this.set(name, (event.target as HTMLInputElement).value);
      this.plan();
    };
    const day = (answers.start || toField(Date.now() / 1000, this.app.zone)).slice(0, 10);
    const from = startOf(day, this.app.zone);
    return html`<p>${this.t("disclose.content_hint")}</p>
      <label class="field"
        >${this.t("disclose.camera")}
        <select @change=${edit("camera")}>
          ${cameras.map(
            (camera) =>
              html`<option value=${camera.camera_id} ?selected=${camera.camera_id === answers.camera}>${camera.name}</option>`,
          )}
        </select>
      </label>
      <div class="two">
        ${(["start", "end"] as const).map(
          (name) =>
            html`<label class="field"
              >${this.t(`disclose.${name}`)}
              <input type="datetime-local" step="1" .value=${answers[name]} @change=${edit(name)} />
            </label>`,
        )}
      </div>
      <cg-timeline
        .app=${this.app}
        .day=${this.day}
        .from=${from}
        .to=${startOf(shifted(dateOf(from + 43_200, this.app.zone), 1), this.app.zone)}
        .cameras=${cameras.filter((item) => item.camera_id === answers.camera).map((item) => ({ id: item.camera_id, name: item.name }))}
        .marked=${this.span}
        @clip=${(event: CustomEvent<{ start: number; end: number }>) => {
          answers = {
            ...answers,
            start: toField(event.detail.start, this.app.zone),
            end: toField(event.detail.end + 1, this.app.zone),
          };
          this.plan(0);
          this.requestUpdate();
        }}
      ></cg-timeline>
      ${this.span ? "" : notice(icons.INFO, this.t("disclose.time_wrong"), "warning")}
      ${this.partList()}`;
  }

  private partList(): unknown {
    if (!this.parts) return this.trouble ? "" : html`<progress aria-label=${this.t("common.loading")}></progress>`;
    if (this.parts.length === 0) return empty(icons.CLIPS, this.t("disclose.nothing"));
    const { format } = this.app;
    return html`<div>
      ${this.parts.map(
        (part) =>
          html`<div class="part">
            <strong>${this.app.cameraName(part.camera_id)}</strong> · ${format.moment(part.start)} – ${format.time(part.end, true)}
            <div class="secondary">
              ${
                part.whole
                  ? this.t("disclose.whole", { size: format.size(part.size) })
                  : this.t("disclose.cut", {
                      from: format.time(part.clip_start, true),
                      to: format.time(part.clip_end, true),
                    })
              }
            </div>
          </div>`,
      )}
    </div>`;
  }

  private checkStep(): unknown {
    const rows: [string, string][] = [
      ["step_ground", this.t(`disclose.ground_${answers.ground}`)],
      ["organization", answers.organization],
      ["name", answers.name],
      ["reference", answers.reference || "–"],
      ["purpose", answers.purpose],
    ];
    return this.frame(
      html`<dl>
          ${rows.map(([key, value]) => html`<dt>${this.t(`disclose.${key}`)}</dt><dd>${value}</dd>`)}
        </dl>
        ${this.partList()}
        <div role="radiogroup" aria-label=${this.t("disclose.form")}>
          ${FORMS.map(
            (form) =>
              html`<label class="check option">
                <input type="radio" name="form" .checked=${answers.form === form} @change=${() => this.set("form", form)} />
                <span
                  ><strong>${this.t(`disclose.form_${form}`)}</strong><br /><span class="secondary"
                    >${this.t(`disclose.form_${form}_hint`)}</span
                  ></span
                >
              </label>`,
          )}
        </div>
        ${notice(icons.LEDGER, this.t("disclose.noted"))}
        ${
          this.busy
            ? html`<p role="status">${this.t("disclose.making")}</p>
                <progress aria-label=${this.t("disclose.making")}></progress>`
            : ""
        }`,
      (this.parts?.length ?? 0) > 0,
      () => void this.export(),
      "disclose.make",
    );
  }

  private async export(): Promise<void> {
    const content = this.content;
    if (!content) return;
    this.busy = true;
    this.trouble = null;
    const span = this.span;
    const entity = this.app.news.cameras.find((camera) => camera.camera_id === answers.camera)?.entity_id;
    const what = this.byTime && span
      ? {
          entity_id: entity,
          start: new Date(span[0] * 1000).toISOString(),
          end: new Date(span[1] * 1000).toISOString(),
        }
      : { clip_ids: answers.clips };
    try {
      const { disclosure_id } = await this.app.client.act(
        "export_disclosure",
        {
          legal_basis: answers.ground,
          recipient_name: answers.name,
          recipient_organization: answers.organization,
          request_reference: answers.reference,
          purpose: answers.purpose,
          form: answers.form,
          ...what,
        },
        exported,
      );
      offer = await this.app.client.call("disclosures/fetch", { disclosure_id }, fetched);
      this.begun = false;
      step = "hand_over";
    } catch (error) {
      this.trouble = error;
    }
    this.busy = false;
  }

  // --- handing over ---

  private handOverStep(): unknown {
    const given = offer;
    if (!given) return this.frame(this.t("disclose.none_open"), true, () => this.again(), "disclose.another");
    const download = this.app.news.downloads.find((item) => item.disclosure_id === given.disclosure_id);
    const { format } = this.app;
    const share = download?.sent == null ? null : download.sent / Math.max(given.size, 1);
    const done = download !== undefined && download.fetched && download.sent === null;
    return html`<div class="card">
      <div class="card-content stack">
        <p><strong>${given.disclosure_id}</strong> · ${format.size(given.size)}</p>
        ${
          given.password
            ? html`<div>
                <p>${this.t("disclose.password_hint")}</p>
                <div class="password" data-password>${given.password}</div>
                <button @click=${() => void this.copy(given.password ?? "")}>
                  ${this.t(this.copied ? "disclose.copied" : "disclose.copy")}
                </button>
              </div>`
            : notice(icons.KEY, this.t(given.form === "sealed_zip" ? "disclose.password_gone" : "disclose.no_password"))
        }
        <div>
          <a
            class="button filled"
            style="background:color-mix(in srgb, var(--primary-color) 80%, #000)"
            href=${given.bundle}
            download
            target="_blank"
            @click=${() => (this.begun = true)}
          >
            <cg-icon .path=${icons.DOWNLOAD}></cg-icon>${this.t("disclose.download")}
          </a>
          <a class="button tonal" href=${given.receipt} target="_blank" rel="noopener">
            <cg-icon .path=${icons.PRINT}></cg-icon>${this.t("disclose.receipt")}
          </a>
        </div>
        <div role="status">
          ${
            share !== null
              ? html`<progress .value=${share} max="1" aria-label=${this.t("disclose.downloading")}></progress>
                  ${this.t("disclose.sent", { percent: format.percent(share) })}`
              : done
                ? notice(icons.CHECK, this.t("disclose.sent_all"))
                : this.begun
                  ? html`<progress aria-label=${this.t("disclose.downloading")}></progress>`
                  : ""
          }
        </div>
        <p class="secondary">${this.t("disclose.until", { minutes: Math.round(given.seconds_left / 60) })}</p>
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button @click=${() => this.again()}>${this.t("disclose.another")}</button>
      </div>
    </div>`;
  }

  private again(): void {
    answers = fresh();
    offer = null;
    this.parts = null;
    this.copied = false;
    this.go("ground");
  }

  private async copy(password: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(password);
      this.copied = true;
    } catch {
      this.app.toast(this.t("disclose.copy_by_hand"));
    }
  }
}

define("cg-disclose", CgDisclose);
