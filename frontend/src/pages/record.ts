import { css, html, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { asRefused } from "../api/client";
import {
  ledgerPage,
  link as linkShape,
  nothing as nothingShape,
  registers,
  wholeRecord,
  type RecordField,
  type Register,
  type Registers,
  type WholeRecord,
} from "../api/messages";
import { define } from "../components/define";
import "../components/dialog";
import { dayText, link } from "../components/duties";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { failure, loading, notice } from "../components/states";
import { styles } from "../components/styles";
import { navigate } from "../hass";
import { startOf } from "../logic/day";
import { open, opening } from "../components/paper";
import { small } from "../components/picture";
import { routePath, type Route } from "../logic/route";
import { sentenceOf } from "../logic/sentences";
import { textOf } from "../logic/texts";

type Values = Record<string, unknown>;
interface Entry {
  date: string;
  text: string;
}
interface Draft {
  readonly key: string;
  readonly revision: number;
  values: Values;
  /** As base64; empty: it is removed; null: it stays as it is. */
  picture: string | null;
  changed: boolean;
}
/** Kept while the panel is away (Home Assistant takes it apart after five minutes). */
let draft: Draft | null = null;
const LETTER_LANGUAGES = ["ja", "en"] as const;
/** What the ledger tells that an answer to a complaint is about. */
const CONCERNED = ["settings_changed", "held", "view_approved", "privacy_on", "privacy_off"];

/** One record of a register: its form, the letters that are made of it, and what it leads to. */
export class CgRecord extends CgElement {
  @property({ attribute: false }) route!: Route;
  @state() private known: Registers | null = null;
  @state() private record: WholeRecord | null = null;
  @state() private trouble: unknown = null;
  @state() private refused: unknown = null;
  @state() private busy = false;
  @state() private erasing = false;
  @state() private happened: readonly string[] = [];
  private shown = "";

  static override styles = [
    styles,
    css`
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
        gap: 16px;
      }
      fieldset {
        border: 0;
        padding: 0;
        margin: 0;
        min-width: 0;
      }
      legend {
        font-size: 12px;
        color: var(--secondary-text-color);
        padding: 0;
      }
      .entry {
        display: grid;
        grid-template-columns: 160px minmax(0, 1fr) auto;
        gap: 8px;
        margin-top: 8px;
        align-items: start;
      }
      @media (max-width: 600px) {
        .entry {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .entry textarea {
          grid-column: 1 / -1;
        }
      }
      textarea {
        resize: vertical;
      }
      img {
        max-width: 100%;
        max-height: 320px;
        border-radius: 8px;
        display: block;
        margin-bottom: 8px;
      }
      .hint {
        margin: 4px 0 0;
        font-size: 12px;
      }
      .flow {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
      }
      li {
        margin: 4px 0;
      }
    `,
  ];

  private get kind(): string {
    return this.route.id;
  }

  private get fresh(): boolean {
    return this.route.part === "new";
  }

  private get register(): Register | undefined {
    return this.known?.kinds.find((item) => item.kind === this.kind);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const key = `${this.route.id}/${this.route.part}?${this.route.query.toString()}`;
    if (changed.has("route") && key !== this.shown) {
      this.shown = key;
      void this.load();
    }
  }

  private async load(): Promise<void> {
    this.trouble = null;
    this.refused = null;
    try {
      const client = this.app.client;
      const [known, record] = await Promise.all([
        client.call("registers/overview", {}, registers),
        this.fresh ? null : client.call("registers/get", { record_id: this.route.part }, wholeRecord),
      ]);
      this.known = known;
      this.take(record);
      void this.look();
    } catch (error) {
      this.trouble = error;
    }
  }

  /** Begin a draft of what is stored, unless one of the very same is at hand. */
  private take(record: WholeRecord | null): void {
    this.record = record;
    if (draft?.key === this.shown && draft.changed) return;
    const values: Values = record ? { ...record.fields } : this.initial();
    draft = { key: this.shown, revision: record?.revision ?? 0, values, picture: null, changed: false };
  }

  private initial(): Values {
    const values: Values = {};
    const today = this.known?.today ?? "";
    for (const field of this.register?.fields ?? []) {
      values[field.name] = field.type === "flag" ? false : ["cameras", "entries"].includes(field.type) ? [] : "";
      if (field.required && field.type === "date") values[field.name] = today;
      if (field.required && field.type === "choice") values[field.name] = field.choices[0] ?? "";
    }
    const query = this.route.query;
    const camera = query.get("camera");
    if (camera && "cameras" in values) values.cameras = [camera];
    if (this.kind === "sign") {
      values.states_present = true;
      if (!camera) values.cameras = this.app.news.cameras.map((item) => item.camera_id);
    }
    const user = query.get("user");
    if (user && "user" in values) {
      values.user = user;
      values.role = "viewer";
      values.name = this.known?.users.find((item) => item.user_id === user)?.name ?? "";
    }
    for (const name of ["role", "certificate", "medium"]) {
      const given = query.get(name);
      if (given && name in values) values[name] = given;
    }
    return values;
  }

  /** What the ledger tells of the cameras since a complaint came: what its answer may say. */
  private async look(): Promise<void> {
    this.happened = [];
    const record = this.record;
    const cameras = record?.kind === "complaint" ? (record.fields.cameras as string[]) : [];
    if (!record || cameras.length === 0) return;
    const start = startOf(String(record.fields.received_on), this.app.zone);
    try {
      const pages = await Promise.all(
        cameras.map((text) =>
          this.app.client.call("ledger/list", { events: CONCERNED, text, start, limit: 20 }, ledgerPage),
        ),
      );
      const { texts, format } = this.app;
      this.happened = pages
        .flatMap((page) => page.entries)
        .sort((one, other) => one.seq - other.seq)
        .map(
          (entry) =>
            `${format.shortDay(entry.time)} ${sentenceOf(entry, texts, format, { camera: (id) => this.app.cameraName(id) })}`,
        );
    } catch {
      this.happened = []; // it is a help only; the ledger's page tells what is wrong with it
    }
  }

  override render(): unknown {
    if (this.trouble) return html`<div class="page">${failure(this.app, this.trouble, () => void this.load())}</div>`;
    const register = this.register;
    if (!this.known || !draft || !register) return loading(this.app);
    const record = this.record;
    return html`<div class="page narrow-page stack">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${() => this.leave()}>
          <cg-icon .path=${icons.BACK}></cg-icon>
        </button>
        <h2 class="grow">
          ${record ? record.number : this.t("registers.new", { register: this.t(`registers.kind_${this.kind}`) })}
        </h2>
        ${record?.closed_on ? html`<span class="secondary">${this.t("registers.closed_on", { day: dayText(this.app, record.closed_on) })}</span>` : ""}
      </div>
      ${this.note()}
      <form
        class="card"
        @submit=${(event: Event) => {
          event.preventDefault();
          void this.save();
        }}
      >
        <div class="card-content stack">
          ${this.fields(register)} ${register.pictured ? this.picture(record) : ""}
          ${this.refused ? this.refusal(this.refused) : ""}
          ${this.busy ? html`<progress aria-label=${this.t("common.saving")}></progress>` : ""}
        </div>
        <div class="card-actions">
          ${
            record
              ? html`<button type="button" ?disabled=${this.busy} @click=${() => (this.erasing = true)}>
                  <cg-icon .path=${icons.DELETE}></cg-icon>${this.t("registers.erase")}
                </button>`
              : ""
          }
          <span class="grow"></span>
          <button type="button" ?disabled=${this.busy} @click=${() => this.leave()}>${this.t("common.cancel")}</button>
          <button class="filled" ?disabled=${this.busy || (!draft.changed && record !== null)}>${this.t("common.save")}</button>
        </div>
      </form>
      ${record ? this.onward(record) : ""} ${record && record.letters.length > 0 ? this.letters(record) : ""}
      ${this.eraseDialog()}
    </div>`;
  }

  /** What one should know of this register before filling it in. */
  private note(): unknown {
    const key = `registers.note_${this.kind}`;
    return this.app.texts.has(key) ? notice(icons.INFO, html`<div style="white-space:pre-line">${this.t(key)}</div>`) : "";
  }

  private refusal(error: unknown): unknown {
    const refused = asRefused(error);
    const field = refused.placeholders.field;
    const told = field ? { ...refused.placeholders, field: this.t(`registers.field_${field}`) } : refused.placeholders;
    const sentence = this.app.texts.fault(refused.key, told) ?? this.app.texts.refusal(refused);
    return html`<div class="notice error" role="alert">
      <cg-icon .path=${icons.ALERT}></cg-icon>
      <div class="grow">
        <p>${sentence}</p>
        ${
          refused.key === "record_changed_meanwhile"
            ? html`<button
                type="button"
                class="tonal"
                @click=${() => {
                  draft = null;
                  void this.load();
                }}
              >
                ${this.t("registers.open_again")}
              </button>`
            : ""
        }
      </div>
    </div>`;
  }

  private fields(register: Register): unknown {
    const short = (field: RecordField): boolean => ["line", "date", "choice", "user"].includes(field.type);
    const groups: RecordField[][] = [];
    for (const field of register.fields) {
      const last = groups.at(-1);
      if (last && last[0] && short(last[0]) && short(field)) last.push(field);
      else groups.push([field]);
    }
    return groups.map((group) =>
      group.length > 1 ? html`<div class="two">${group.map((field) => this.field(field))}</div>` : this.field(group[0] as RecordField),
    );
  }

  private set(name: string, value: unknown): void {
    if (!draft) return;
    draft.values = { ...draft.values, [name]: value };
    draft.changed = true;
    this.requestUpdate();
  }

  private field(field: RecordField): unknown {
    const { name } = field;
    const value = draft?.values[name];
    const label = `${this.t(`registers.field_${name}`)}${field.required ? " *" : ""}`;
    const hintKey = [`registers.hint_${this.kind}_${name}`, `registers.hint_${name}`].find((key) => this.app.texts.has(key));
    const hint = hintKey ? html`<p class="secondary hint">${this.t(hintKey)}</p>` : "";
    switch (field.type) {
      case "text":
        return html`<label class="field"
            >${label}<textarea
              rows="4"
              dir="auto"
              maxlength=${this.known?.text_max ?? 10_000}
              ?required=${field.required}
              .value=${textOf(value)}
              @input=${(event: Event) => this.set(name, (event.target as HTMLTextAreaElement).value)}
            ></textarea></label
          >${hint}`;
      case "date":
        return html`<div>
          <label class="field"
            >${label}<input
              type="date"
              ?required=${field.required}
              .value=${textOf(value)}
              @change=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)}
          /></label>
          ${hint}
        </div>`;
      case "choice":
      case "user":
        return html`<div>
          <label class="field"
            >${label}<select
              ?required=${field.required}
              @change=${(event: Event) => this.set(name, (event.target as HTMLSelectElement).value)}
            >
              ${field.required ? "" : html`<option value="" ?selected=${value === ""}>–</option>`}
              ${this.options(field).map(
                ([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`,
              )}
            </select></label
          >
          ${hint}
        </div>`;
      case "flag":
        return html`<label class="check"
            ><input
              type="checkbox"
              .checked=${value === true}
              @change=${(event: Event) => this.set(name, (event.target as HTMLInputElement).checked)}
            /><span>${label}</span></label
          >${hint}`;
      case "cameras":
        return this.cameras(field, label);
      case "entries":
        return this.entries(field, label);
      default:
        return html`<div>
          <label class="field"
            >${label}<input
              dir="auto"
              maxlength=${this.known?.line_max ?? 200}
              ?required=${field.required}
              .value=${textOf(value)}
              @input=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)}
          /></label>
          ${hint}
        </div>`;
    }
  }

  private options(field: RecordField): [string, string][] {
    if (field.type === "user") {
      return (this.known?.users ?? []).map((user) => [
        user.user_id,
        user.administrator ? this.t("registers.user_administrator", { name: user.name }) : user.name,
      ]);
    }
    return field.choices.map((choice) => [choice, this.t(`registers.choice_${field.name}_${choice}`)]);
  }

  private cameras(field: RecordField, label: string): unknown {
    const chosen = (draft?.values[field.name] ?? []) as string[];
    const present = this.app.news.cameras.map((camera) => camera.camera_id);
    const all = [...present, ...chosen.filter((id) => !present.includes(id))];
    return html`<fieldset>
      <legend>${label}</legend>
      ${all.map(
        (id) =>
          html`<label class="check"
            ><input
              type="checkbox"
              .checked=${chosen.includes(id)}
              @change=${(event: Event) =>
                this.set(
                  field.name,
                  (event.target as HTMLInputElement).checked ? [...chosen, id] : chosen.filter((one) => one !== id),
                )}
            /><span>${this.app.cameraName(id)}</span></label
          >`,
      )}
      ${all.length === 0 ? html`<p class="secondary">${this.t("cameras.none")}</p>` : ""}
    </fieldset>`;
  }

  private entries(field: RecordField, label: string): unknown {
    const entries = (draft?.values[field.name] ?? []) as Entry[];
    const change = (index: number, part: Partial<Entry>): void =>
      this.set(
        field.name,
        entries.map((entry, at) => (at === index ? { ...entry, ...part } : entry)),
      );
    return html`<fieldset>
      <legend>${label}</legend>
      ${entries.map(
        (entry, index) =>
          html`<div class="entry">
            <input
              type="date"
              aria-label=${this.t("registers.entry_date")}
              required
              .value=${entry.date}
              @change=${(event: Event) => change(index, { date: (event.target as HTMLInputElement).value })}
            />
            <textarea
              rows="2"
              dir="auto"
              aria-label=${this.t("registers.entry_text")}
              required
              maxlength=${this.known?.text_max ?? 10_000}
              .value=${entry.text}
              @input=${(event: Event) => change(index, { text: (event.target as HTMLTextAreaElement).value })}
            ></textarea>
            <button
              type="button"
              class="icon"
              aria-label=${this.t("registers.entry_remove")}
              @click=${() =>
                this.set(
                  field.name,
                  entries.filter((_, at) => at !== index),
                )}
            >
              <cg-icon .path=${icons.CLOSE}></cg-icon>
            </button>
          </div>`,
      )}
      <button
        type="button"
        style="margin-top:8px"
        @click=${() => this.set(field.name, [...entries, { date: this.known?.today ?? "", text: "" }])}
      >
        <cg-icon .path=${icons.PLUS}></cg-icon>${this.t("registers.entry_add")}
      </button>
    </fieldset>`;
  }

  private picture(record: WholeRecord | null): unknown {
    const own = draft?.picture;
    const shown = own === null || own === undefined ? (record?.picture ?? "") : own && `data:image/jpeg;base64,${own}`;
    return html`<fieldset>
      <legend>${this.t("registers.picture")}</legend>
      ${shown ? html`<img src=${shown} alt=${this.t("registers.picture")} />` : ""}
      <div class="flow">
        <input
          type="file"
          accept="image/*"
          aria-label=${this.t("registers.picture_choose")}
          @change=${(event: Event) => void this.choose(event.target as HTMLInputElement)}
        />
        ${
          shown
            ? html`<button
                type="button"
                @click=${() => {
                  if (!draft) return;
                  draft.picture = "";
                  draft.changed = true;
                  this.requestUpdate();
                }}
              >
                ${this.t("registers.picture_remove")}
              </button>`
            : ""
        }
      </div>
      <p class="secondary hint">${this.t("registers.picture_hint")}</p>
    </fieldset>`;
  }

  private async choose(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file || !draft) return;
    try {
      draft.picture = await small(file);
      draft.changed = true;
    } catch {
      this.app.toast(this.app.texts.fault("record_picture_unreadable") ?? "");
    }
    input.value = "";
    this.requestUpdate();
  }

  private async save(): Promise<void> {
    if (!draft) return;
    this.busy = true;
    this.refused = null;
    const fields = draft.values;
    try {
      const saved = await this.app.client.call(
        "registers/save",
        {
          kind: this.kind,
          fields,
          ...(this.record ? { record_id: this.record.record_id, revision: draft.revision } : {}),
          ...(draft.picture === null ? {} : { picture: draft.picture }),
        },
        wholeRecord,
      );
      draft = null;
      this.app.toast(this.t("registers.saved", { number: saved.number }));
      if (this.fresh) navigate(routePath("registers", this.kind, saved.record_id), true);
      else {
        this.take(saved);
        void this.look();
      }
    } catch (error) {
      this.refused = error;
    }
    this.busy = false;
  }

  private leave(): void {
    draft = null;
    navigate(routePath("registers", this.kind));
  }

  /** Where a complaint or request is dealt with. */
  private onward(record: WholeRecord): unknown {
    if (!["complaint", "access", "incident"].includes(record.kind)) return "";
    const cameras = (record.fields.cameras as string[]).filter((id) =>
      this.app.news.cameras.some((camera) => camera.camera_id === id),
    );
    const day = textOf(record.fields.received_on ?? record.fields.noticed_on);
    return html`<section class="card"><div class="card-content stack">
      <h3>${this.t("registers.onward")}</h3>
      <p class="secondary">${this.t(`registers.onward_${record.kind}`)}</p>
      <div class="flow">
        ${cameras.map(
          (id) => html`
            ${
              record.kind === "complaint"
                ? link(
                    routePath("cameras", id, "zones"),
                    html`<cg-icon .path=${icons.ZONES}></cg-icon>${this.t("registers.to_zones", { camera: this.app.cameraName(id) })}`,
                    "button tonal",
                  )
                : ""
            }
            ${link(
              routePath("clips", "", "", { camera: id, day }),
              html`<cg-icon .path=${icons.HOLD}></cg-icon>${this.t("registers.to_clips", { camera: this.app.cameraName(id) })}`,
              "button tonal",
            )}
          `,
        )}
        ${cameras.length === 0 ? html`<p class="secondary">${this.t("registers.no_camera")}</p>` : ""}
      </div>
      ${
        this.happened.length > 0
          ? html`<div>
              <p>${this.t("registers.happened")}</p>
              <ul>
                ${this.happened.map((line) => html`<li>${line}</li>`)}
              </ul>
              <button
                @click=${() => {
                  const before = textOf(draft?.values.outcome);
                  this.set("outcome", [before, ...this.happened].filter(Boolean).join("\n"));
                }}
              >
                ${this.t("registers.take_over")}
              </button>
            </div>`
          : ""
      }
    </div></section>`;
  }

  private letters(record: WholeRecord): unknown {
    return html`<section class="card"><div class="card-content stack">
      <h3>${this.t("registers.letters")}</h3>
      <p class="secondary">${this.t("registers.letters_hint")}</p>
      ${record.letters.map(
        (letter) =>
          html`<div class="row">
            <span class="grow">${this.t(`registers.letter_${letter}`)}</span>
            ${LETTER_LANGUAGES.map(
              (language) =>
                html`<button class="tonal" @click=${() => void this.letter(letter, language)}>
                  <cg-icon .path=${icons.PRINT}></cg-icon>${language === "ja" ? "日本語" : "English"}
                </button>`,
            )}
          </div>`,
      )}
    </div></section>`;
  }

  private async letter(letter: string, language: string): Promise<void> {
    const tab = opening();
    try {
      const fields = { record_id: this.route.part, letter, language };
      open((await this.app.client.call("papers/letter", fields, linkShape)).link, tab);
    } catch (error) {
      tab?.close();
      this.app.toast(error);
    }
  }

  private eraseDialog(): unknown {
    return html`<cg-dialog
      .open=${this.erasing}
      .busy=${this.busy}
      .heading=${this.t("registers.erase_title", { number: this.record?.number ?? "" })}
      @closed=${() => (this.erasing = false)}
    >
      <p>${this.t("registers.erase_hint")}</p>
      <button slot="actions" ?disabled=${this.busy} @click=${() => (this.erasing = false)}>${this.t("common.cancel")}</button>
      <button slot="actions" class="danger" ?disabled=${this.busy} @click=${() => void this.erase()}>
        ${this.t("registers.erase")}
      </button>
    </cg-dialog>`;
  }

  private async erase(): Promise<void> {
    this.busy = true;
    try {
      await this.app.client.call("registers/erase", { record_id: this.route.part }, nothingShape);
      draft = null;
      this.erasing = false;
      this.app.toast(this.t("registers.erased", { number: this.record?.number ?? "" }));
      navigate(routePath("registers", this.kind), true);
    } catch (error) {
      this.erasing = false;
      this.refused = error;
    }
    this.busy = false;
  }
}

define("cg-record", CgRecord);
