import { css, html } from "lit";
import { state } from "lit/decorators.js";
import { checked, documentLinks, kit as kitShape, link as linkShape, nothing as nothingShape, registers, type Registers } from "../api/messages";
import { define } from "../components/define";
import "../components/dialog";
import { dutyLine, link } from "../components/duties";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { failure, loading, notice } from "../components/states";
import { styles } from "../components/styles";
import { open, opening } from "../components/paper";
import { routePath } from "../logic/route";

export const KIND_ICONS: Record<string, string> = {
  sign: icons.SIGN,
  person: icons.PERSON,
  review: icons.REVIEW,
  medium: icons.MEDIUM,
  complaint: icons.COMPLAINT,
  contractor: icons.CONTRACTOR,
  access: icons.ACCESS,
  incident: icons.INCIDENT,
  document: icons.DOCUMENT,
};

/** Records that can't be read and are named at once; after a restored backup that may be all. */
const NAMED = 5;

/** All registers: what is to be done, how many records there are, and the papers that are made of them. */
export class CgRegisters extends CgElement {
  @state() private known: Registers | null = null;
  @state() private trouble: unknown = null;
  @state() private busy = "";
  @state() private code: { code: string; clips: number; records: number } | null = null;
  /** A record that can't be read, and is about to be erased. */
  @state() private lost: Registers["unreadable"][number] | null = null;
  private seen = -1;

  static override styles = [
    styles,
    css`
      .kinds {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr));
        gap: 12px;
      }
      .kind {
        display: grid;
        grid-template-columns: 40px 1fr auto;
        gap: 2px 12px;
        align-items: center;
        padding: 14px 16px;
        text-decoration: none;
        color: inherit;
      }
      .kind cg-icon {
        grid-row: span 2;
        --cg-icon-size: 32px;
        color: var(--secondary-text-color);
      }
      .kind:hover {
        background: color-mix(in srgb, var(--primary-text-color) 4%, var(--card-background-color));
      }
      .badge {
        border-radius: 12px;
        padding: 2px 10px;
        font-size: 12px;
        font-weight: 500;
        background: color-mix(in srgb, var(--warning-color, #ffa600) 24%, transparent);
      }
      .badge.bad {
        background: color-mix(in srgb, var(--error-color, #db4437) 22%, transparent);
        color: inherit;
      }
      .count {
        color: var(--secondary-text-color);
      }
      .kind .secondary {
        grid-column: 2 / -1;
      }
      .duty-line {
        display: flex;
        gap: 12px;
        align-items: center;
        flex-wrap: wrap;
        padding: 10px 16px;
        min-height: 48px;
        text-decoration: none;
        border-top: 1px solid var(--divider-color);
      }
      .duty-line .grow {
        flex: 1 1 200px;
      }
      .duty-line:hover {
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
      }
      cg-icon.bad,
      cg-icon.warn {
        color: var(--warning-color, #ffa600);
      }
      cg-icon.bad {
        color: var(--error-color, #db4437);
      }
      span.bad {
        font-weight: 500;
      }
      .papers {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
        margin-top: 12px;
      }
      .code {
        font-size: 22px;
        letter-spacing: 1px;
        padding: 12px;
        border: 2px dashed var(--primary-color);
        border-radius: 8px;
        text-align: center;
        user-select: all;
        overflow-wrap: anywhere;
        font-family: var(--ha-font-family-code, monospace);
      }
    `,
  ];

  protected override willUpdate(): void {
    const news = this.app.news.duties;
    if (news !== this.seen) {
      this.seen = news;
      void this.load();
    }
  }

  private async load(): Promise<void> {
    try {
      this.known = await this.app.client.call("registers/overview", {}, registers);
      this.trouble = null;
    } catch (error) {
      this.trouble = error;
    }
  }

  override render(): unknown {
    if (this.trouble && !this.known) {
      return html`<div class="page">${failure(this.app, this.trouble, () => void this.load())}</div>`;
    }
    if (!this.known) return loading(this.app);
    const known = this.known;
    return html`<div class="page stack">
      <div>
        <h2>${this.t("registers.title")}</h2>
        <p class="secondary">${this.t("registers.hint")}</p>
      </div>
      ${this.trouble ? failure(this.app, this.trouble) : ""}
      ${known.unreadable.slice(0, NAMED).map((item) =>
        notice(
          icons.KEY,
          html`<p>${this.app.texts.fault(item.reason, { detail: item.number })}</p>
            <div class="papers">
              ${item.reason === "record_locked" ? html`<a class="button tonal" href="/config/repairs">${this.t("overview.mend")}</a>` : ""}
              <button ?disabled=${this.busy !== ""} @click=${() => (this.lost = item)}>
                ${this.t("registers.unreadable_erase")}
              </button>
            </div>`,
          "error",
        ),
      )}
      ${
        known.unreadable.length > NAMED
          ? html`<p class="secondary">${this.t("registers.shown", { shown: NAMED, total: known.unreadable.length })}</p>`
          : ""
      }
      ${this.duties(known)}
      <div class="kinds">${known.kinds.filter((item) => item.kind !== "document").map((item) => this.kind(item))}</div>
      ${this.papers(known)} ${this.upkeep(known)} ${this.dialog()} ${this.lostDialog()}
    </div>`;
  }

  private duties(known: Registers): unknown {
    if (known.duties.length === 0) return notice(icons.CHECK, this.t("registers.nothing_to_do"));
    const users = new Map(known.users.map((user) => [user.user_id, user.name]));
    return html`<section class="card" aria-labelledby="todo">
      <h3 class="card-header" id="todo" style="padding-bottom:12px">${this.t("registers.to_do")}</h3>
      ${known.duties.map((duty) => dutyLine(this.app, duty, users))}
    </section>`;
  }

  private kind(item: Registers["kinds"][number]): unknown {
    const badge = item.late
      ? html`<span class="badge bad">${this.t("registers.late", { count: item.late })}</span>`
      : item.open && !["sign", "person"].includes(item.kind)
        ? html`<span class="badge">${this.t("registers.open", { count: item.open })}</span>`
        : html`<span class="count">${item.total || ""}</span>`;
    return link(
      routePath("registers", item.kind),
      html`<cg-icon .path=${KIND_ICONS[item.kind] ?? icons.REGISTERS}></cg-icon>
        <strong>${this.t(`registers.kind_${item.kind}`)}</strong>${badge}
        <span class="secondary">${this.t(`registers.about_${item.kind}`)}</span>`,
      "card kind",
    );
  }

  private papers(known: Registers): unknown {
    const made = known.kinds.find((item) => item.kind === "document")?.total ?? 0;
    return html`<section class="card"><div class="card-content">
      <h3>${this.t("registers.papers")}</h3>
      <p class="secondary">${this.t("registers.papers_hint")}</p>
      <div class="papers">
        ${link(
          routePath("registers", "sign", "print"),
          html`<cg-icon .path=${icons.PRINT}></cg-icon>${this.t("registers.sign")}`,
          "button tonal",
        )}
        ${["rules", "report"].map(
          (document) =>
            html`<button class="tonal" ?disabled=${this.busy !== ""} @click=${() => void this.make(document)}>
              <cg-icon .path=${icons.DOCUMENT}></cg-icon>${this.t(`registers.make_${document}`)}
            </button>`,
        )}
        ${
          made
            ? link(routePath("registers", "document"), this.t("registers.documents", { count: made }), "button")
            : ""
        }
      </div>
      ${["rules", "report"].includes(this.busy) ? html`<progress aria-label=${this.t("common.loading")}></progress>` : ""}
    </div></section>`;
  }

  private upkeep(known: Registers): unknown {
    const { format } = this.app;
    return html`<section class="card"><div class="card-content">
      <h3>${this.t("registers.upkeep")}</h3>
      <p>
        ${
          known.checked
            ? this.t("registers.checked", { when: format.moment(known.checked) })
            : this.t("registers.never_checked")
        }
      </p>
      <p>${known.not_in_kit ? this.t("registers.not_in_kit", { count: known.not_in_kit }) : this.t("registers.all_in_kit")}</p>
      <div class="papers">
        <button class="tonal" ?disabled=${this.busy !== ""} @click=${() => void this.check()}>
          <cg-icon .path=${icons.CHECKLIST}></cg-icon>${this.t("registers.check")}
        </button>
        <button class="tonal" ?disabled=${this.busy !== "" || known.not_in_kit === 0} @click=${() => void this.makeKit()}>
          <cg-icon .path=${icons.KEY}></cg-icon>${this.t("registers.make_kit")}
        </button>
        <button ?disabled=${this.busy !== ""} @click=${() => void this.export()}>
          <cg-icon .path=${icons.DOWNLOAD}></cg-icon>${this.t("registers.export_all")}
        </button>
      </div>
    </div></section>`;
  }

  private dialog(): unknown {
    return html`<cg-dialog .open=${this.code !== null} busy .heading=${this.t("registers.kit_title")}>
      <p>${this.t("registers.kit_hint", { clips: this.code?.clips ?? 0, records: this.code?.records ?? 0 })}</p>
      <div class="code">${this.code?.code ?? ""}</div>
      <p class="secondary" style="margin-top:12px">${this.t("registers.kit_once")}</p>
      <button slot="actions" class="filled" @click=${() => (this.code = null)}>${this.t("registers.kit_noted")}</button>
    </cg-dialog>`;
  }

  private lostDialog(): unknown {
    return html`<cg-dialog
      .open=${this.lost !== null}
      .busy=${this.busy !== ""}
      .heading=${this.t("registers.erase_title", { number: this.lost?.number ?? "" })}
      @closed=${() => (this.lost = null)}
    >
      <p>${this.t("registers.erase_hint")}</p>
      <button slot="actions" @click=${() => (this.lost = null)}>${this.t("common.cancel")}</button>
      <button slot="actions" class="danger" ?disabled=${this.busy !== ""} @click=${() => void this.eraseLost()}>
        ${this.t("registers.erase")}
      </button>
    </cg-dialog>`;
  }

  private async eraseLost(): Promise<void> {
    const record_id = this.lost?.record_id;
    await this.during("erase", async () => {
      await this.app.client.call("registers/erase", { record_id }, nothingShape);
    });
    this.lost = null;
  }

  private async during(what: string, work: () => Promise<void>): Promise<void> {
    this.busy = what;
    this.trouble = null;
    try {
      await work();
    } catch (error) {
      this.trouble = error;
    }
    this.busy = "";
  }

  private async make(document: string): Promise<void> {
    const tab = opening();
    await this.during(document, async () => {
      const links = await this.app.client.call("papers/make", { document }, documentLinks);
      open(links.html, tab);
    });
    if (this.trouble) tab?.close();
  }

  private async check(): Promise<void> {
    await this.during("check", async () => {
      const found = await this.app.client.call("duties/check", {}, checked);
      this.app.toast(this.t("registers.check_done", found));
    });
  }

  private async makeKit(): Promise<void> {
    await this.during("kit", async () => {
      this.code = await this.app.client.call("registers/kit", {}, kitShape);
      await this.load();
    });
  }

  private async export(): Promise<void> {
    await this.during("export", async () => {
      const { link } = await this.app.client.call("registers/export", { kind: "all", form: "json" }, linkShape);
      open(link, null, true);
    });
  }
}

define("cg-registers", CgRegisters);
