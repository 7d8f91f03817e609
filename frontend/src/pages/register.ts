import { css, html, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { documentLinks, link as linkShape, recordPage, type DocumentLinks, type RecordRow } from "../api/messages";
import { define } from "../components/define";
import "../components/dialog";
import { dayText, link } from "../components/duties";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { empty, failure, loading } from "../components/states";
import { styles } from "../components/styles";
import { navigate } from "../hass";
import { open } from "../components/paper";
import { routePath } from "../logic/route";
import { KIND_ICONS } from "./registers";

const PAGE = 50;
const SEARCH_MS = 250;

/** One register: its records, the newest first, searched; a new one; all as a file. */
export class CgRegister extends CgElement {
  @property() kind = "";
  @state() private rows: readonly RecordRow[] | null = null;
  @state() private total = 0;
  @state() private text = "";
  @state() private closed = false;
  @state() private trouble: unknown = null;
  @state() private busy = false;
  @state() private chosen: { number: string; links: DocumentLinks } | null = null;
  private seen = -1;
  private asked = 0;
  private timer = 0;

  static override styles = [
    styles,
    css`
      .line {
        display: grid;
        grid-template-columns: 120px minmax(0, 1fr) auto;
        gap: 4px 16px;
        padding: 12px 16px;
        min-height: 48px;
        text-decoration: none;
        color: inherit;
        border-top: 1px solid var(--divider-color);
        align-items: baseline;
      }
      .line:hover {
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
      }
      .line strong {
        font-weight: 500;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      @media (max-width: 600px) {
        .line {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .line strong {
          grid-column: 1 / -1;
          grid-row: 2;
        }
      }
      .tools {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px 16px;
        padding: 12px 16px;
        align-items: center;
      }
      @media (max-width: 600px) {
        .tools {
          grid-template-columns: 1fr;
        }
      }
      .bad {
        color: var(--error-color, #db4437);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    const news = this.app.news.duties;
    if (changed.has("kind")) this.rows = null;
    if (changed.has("kind") || news !== this.seen) {
      this.seen = news;
      this.closed ||= ["document", "review"].includes(this.kind);
      void this.load();
    }
  }

  private async load(more = false): Promise<void> {
    const asked = ++this.asked;
    const before = more ? (this.rows ?? []) : [];
    this.busy = true;
    try {
      const page = await this.app.client.call(
        "registers/list",
        { kind: this.kind, text: this.text.trim(), closed: this.closed, offset: before.length, limit: PAGE },
        recordPage,
      );
      if (asked !== this.asked) return;
      this.rows = [...before, ...page.records];
      this.total = page.total;
      this.trouble = null;
    } catch (error) {
      if (asked === this.asked) this.trouble = error;
    }
    this.busy = false;
  }

  override render(): unknown {
    const own = this.kind !== "document";
    return html`<div class="page narrow-page stack">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${() => navigate(routePath("registers"))}>
          <cg-icon .path=${icons.BACK}></cg-icon>
        </button>
        <h2 class="grow">${this.t(`registers.kind_${this.kind}`)}</h2>
        ${
          this.kind === "sign"
            ? link(
                routePath("registers", "sign", "print"),
                html`<cg-icon .path=${icons.PRINT}></cg-icon>${this.t("registers.print")}`,
                "button",
              )
            : ""
        }
        ${
          own
            ? html`<button class="filled" @click=${() => navigate(routePath("registers", this.kind, "new"))}>
                <cg-icon .path=${icons.PLUS}></cg-icon>${this.t("registers.add")}
              </button>`
            : ""
        }
      </div>
      <p class="secondary">${this.t(`registers.about_${this.kind}`)}</p>
      <div class="card">
        <div class="tools">
          <input
            type="search"
            aria-label=${this.t("ledger.search")}
            placeholder=${this.t("ledger.search")}
            maxlength="200"
            .value=${this.text}
            @input=${(event: Event) => {
              this.text = (event.target as HTMLInputElement).value;
              window.clearTimeout(this.timer);
              this.timer = window.setTimeout(() => void this.load(), SEARCH_MS);
            }}
          />
          <label class="check">
            <input
              type="checkbox"
              .checked=${this.closed}
              @change=${(event: Event) => {
                this.closed = (event.target as HTMLInputElement).checked;
                void this.load();
              }}
            />
            <span>${this.t("registers.show_closed")}</span>
          </label>
        </div>
        ${this.trouble ? failure(this.app, this.trouble, () => void this.load()) : ""}
        ${this.rows === null ? loading(this.app) : this.list(this.rows)}
      </div>
      ${
        this.rows && this.rows.length > 0
          ? html`<div class="row">
              <span class="grow"></span>
              <button @click=${() => void this.export()}>
                <cg-icon .path=${icons.DOWNLOAD}></cg-icon>${this.t("registers.export_csv")}
              </button>
            </div>`
          : ""
      }
      ${this.files()}
    </div>`;
  }

  private list(rows: readonly RecordRow[]): unknown {
    if (rows.length === 0) {
      const hint = this.text || this.kind === "document" ? "" : this.t(`registers.none_${this.kind}`);
      return empty(KIND_ICONS[this.kind] ?? icons.REGISTERS, this.t(this.text ? "ledger.none" : "registers.none"), hint);
    }
    return html`${rows.map((row) => this.row(row))}
    ${
      rows.length < this.total
        ? html`<div class="card-actions">
            <span class="secondary grow">${this.t("registers.shown", { shown: rows.length, total: this.total })}</span>
            <button ?disabled=${this.busy} @click=${() => void this.load(true)}>${this.t("registers.more")}</button>
          </div>`
        : ""
    }`;
  }

  private row(row: RecordRow): unknown {
    const title = this.kind === "document" ? this.t(`registers.choice_document_${row.title}`) : row.title.split("\n")[0];
    const told = row.closed_on
      ? this.kind === "document"
        ? dayText(this.app, row.closed_on)
        : this.t("registers.closed_on", { day: dayText(this.app, row.closed_on) })
      : row.duty?.due
        ? this.t(row.duty.late ? "registers.overdue_since" : "registers.due", { day: dayText(this.app, row.duty.due) })
        : row.duty
          ? this.t(`duties.${row.duty.what}`)
          : "";
    const content = html`<span class="secondary">${row.number}</span><strong dir="auto">${title}</strong>
      <span class=${row.duty?.late && !row.closed_on ? "bad" : "secondary"}>${told}</span>`;
    if (this.kind !== "document") return link(routePath("registers", this.kind, row.record_id), content, "line");
    return html`<a
      class="line"
      href="#"
      @click=${(event: MouseEvent) => {
        event.preventDefault();
        void this.show(row);
      }}
      >${content}</a
    >`;
  }

  private async show(row: RecordRow): Promise<void> {
    try {
      const links = await this.app.client.call("papers/document", { record_id: row.record_id }, documentLinks);
      this.chosen = { number: row.number, links };
    } catch (error) {
      this.trouble = error;
    }
  }

  /** A document's page, and what somebody else proves it with. */
  private files(): unknown {
    const links = this.chosen?.links;
    return html`<cg-dialog
      .open=${links !== undefined}
      .heading=${this.chosen?.number ?? ""}
      @closed=${() => (this.chosen = null)}
    >
      <p>${this.t("registers.files_hint")}</p>
      <div class="stack">
        ${(["html", "json", "sig", "pem"] as const).map(
          (form) =>
            html`<a class="button tonal" style="margin:0 8px 8px 0" href=${links?.[form] ?? "#"} target="_blank" rel="noopener"
              ><cg-icon .path=${form === "html" ? icons.PRINT : icons.DOWNLOAD}></cg-icon>${this.t(`registers.file_${form}`)}</a
            >`,
        )}
      </div>
      <button slot="actions" @click=${() => (this.chosen = null)}>${this.t("common.close")}</button>
    </cg-dialog>`;
  }

  private async export(): Promise<void> {
    try {
      const { link: path } = await this.app.client.call("registers/export", { kind: this.kind, form: "csv" }, linkShape);
      open(path, null, true);
    } catch (error) {
      this.trouble = error;
    }
  }
}

define("cg-register", CgRegister);
