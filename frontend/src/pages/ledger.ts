import { css, html, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { ledgerPage, link, verified, type Entry, type Verified } from "../api/messages";
import { define } from "../components/define";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { empty, failure, loading, notice } from "../components/states";
import { styles } from "../components/styles";
import { navigate } from "../hass";
import { routePath, type Route } from "../logic/route";
import { sentenceOf } from "../logic/sentences";

const PAGE = 50;
const GROUPS: Record<string, string[]> = {
  views: ["viewed", "watched", "picture_shown"],
  disclosures: ["disclosing", "disclosed", "disclosure_aborted", "ledger_exported"],
  holds: ["held", "released", "kit_made", "kit_restored"],
  erasures: ["erasing", "erased", "copies_erased", "escrow_renewed", "wiping", "wiped"],
  recordings: ["recorded", "clip_failed", "gap", "recording_asked", "mask_not_proved", "unproved_erased", "camera_moved"],
  settings: ["camera_added", "camera_removed", "settings_changed", "purpose_changed", "privacy_on", "privacy_off", "view_approved", "storage_taken_over", "site_begun", "copies_begun", "copies_ended", "host_begun", "host_ended", "escrow_begun", "escrow_ended"],
  registers: ["record_saved", "records_erasing", "register_exported"],
  checks: ["duties_checked", "self_check", "anomaly", "clock_step", "key_changed", "root_rotated", "bodies_dropped", "segment_ended"],
};

interface Person {
  readonly id: string;
  readonly name: string;
}

/** The ledger in plain sentences, newest first; searched, verified, taken along. */
export class CgLedger extends CgElement {
  @property({ attribute: false }) route!: Route;
  @state() private entries: readonly Entry[] | null = null;
  @state() private more = false;
  @state() private total = 0;
  @state() private trouble: unknown = null;
  @state() private busy = false;
  @state() private text = "";
  @state() private group = "";
  @state() private person = "";
  @state() private people: readonly Person[] = [];
  @state() private verification: Verified | null = null;
  @state() private verifying = false;
  @state() private verifyTrouble: unknown = null;
  @state() private open = -1;
  private asked = 0;
  private timer = 0;

  static override styles = [
    styles,
    css`
      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
        gap: 8px;
        margin: 12px 0;
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        border-top: 1px solid var(--divider-color);
      }
      li:first-child {
        border-top: 0;
      }
      .entry {
        width: 100%;
        border-radius: 0;
        justify-content: flex-start;
        text-align: start;
        font-weight: 400;
        padding: 10px 16px;
        display: grid;
        grid-template-columns: 150px 1fr;
        gap: 4px 16px;
      }
      @media (max-width: 600px) {
        .entry {
          grid-template-columns: 1fr;
        }
      }
      .more {
        padding: 0 16px 12px;
      }
      .sentence {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.loadPeople());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("route") && !changed.get("route")) {
      this.text = this.route.query.get("q") ?? "";
      void this.load();
    }
  }

  private async loadPeople(): Promise<void> {
    try {
      const users = (await this.app.client.send({ type: "config/auth/list" })) as {
        id: string;
        name: string;
        system_generated: boolean;
      }[];
      this.people = users.filter((user) => !user.system_generated).map(({ id, name }) => ({ id, name }));
    } catch (error) {
      this.app.toast(error);
    }
  }

  private async load(before?: number): Promise<void> {
    const asked = ++this.asked;
    this.busy = true;
    this.trouble = null;
    try {
      const page = await this.app.client.call(
        "ledger/list",
        {
          limit: PAGE,
          ...(before ? { before } : {}),
          ...(this.text.trim() ? { text: this.text.trim() } : {}),
          ...(this.group ? { events: GROUPS[this.group] } : {}),
          ...(this.person ? { user_id: this.person } : {}),
        },
        ledgerPage,
      );
      if (asked !== this.asked) return;
      this.entries = before ? [...(this.entries ?? []), ...page.entries] : page.entries;
      this.more = page.more;
      this.total = page.total;
    } catch (error) {
      if (asked === this.asked) this.trouble = error;
    }
    if (asked === this.asked) this.busy = false;
  }

  override render(): unknown {
    const { format } = this.app;
    return html`<div class="page">
      <div class="row">
        <h2 class="grow">${this.t("ledger.title")}</h2>
        <button class="tonal" ?disabled=${this.verifying} @click=${() => void this.verify()}>
          <cg-icon .path=${icons.VERIFY}></cg-icon>${this.t("ledger.verify")}
        </button>
        <button class="tonal" @click=${() => void this.export()}>
          <cg-icon .path=${icons.DOWNLOAD}></cg-icon>${this.t("ledger.export")}
        </button>
      </div>
      <p class="secondary">${this.t("ledger.hint", { count: format.number(this.total) })}</p>
      ${this.verificationBox()}
      <div class="filters">
        <input
          type="search"
          aria-label=${this.t("ledger.search")}
          placeholder=${this.t("ledger.search")}
          .value=${this.text}
          @input=${(event: Event) => {
            this.text = (event.target as HTMLInputElement).value;
            window.clearTimeout(this.timer);
            this.timer = window.setTimeout(() => void this.load(), 350);
          }}
        />
        <select
          aria-label=${this.t("ledger.kind")}
          @change=${(event: Event) => {
            this.group = (event.target as HTMLSelectElement).value;
            void this.load();
          }}
        >
          <option value="">${this.t("ledger.all")}</option>
          ${Object.keys(GROUPS).map((group) => html`<option value=${group}>${this.t(`ledger.group_${group}`)}</option>`)}
        </select>
        <select
          aria-label=${this.t("ledger.person")}
          @change=${(event: Event) => {
            this.person = (event.target as HTMLSelectElement).value;
            void this.load();
          }}
        >
          <option value="">${this.t("ledger.anybody")}</option>
          ${this.people.map((person) => html`<option value=${person.id}>${person.name}</option>`)}
        </select>
      </div>
      ${this.trouble ? failure(this.app, this.trouble, () => void this.load()) : ""}
      ${this.busy ? html`<progress aria-label=${this.t("common.loading")}></progress>` : ""}
      ${this.entries ? this.list(this.entries) : this.trouble ? "" : loading(this.app)}
    </div>`;
  }

  private list(entries: readonly Entry[]): unknown {
    if (entries.length === 0) return empty(icons.LEDGER, this.t("ledger.none"));
    return html`<div class="card">
        <ol>
          ${entries.map((entry) => this.entry(entry))}
        </ol>
      </div>
      ${
        this.more
          ? html`<p class="row" style="justify-content:center;margin-top:12px">
              <button class="tonal" ?disabled=${this.busy} @click=${() => void this.load(entries.at(-1)?.seq)}>
                ${this.t("ledger.older")}
              </button>
            </p>`
          : ""
      }`;
  }

  private entry(entry: Entry): unknown {
    const { format, texts } = this.app;
    const open = this.open === entry.seq;
    const clipId = entry.body?.clip_id;
    return html`<li>
      <button
        class="entry"
        aria-expanded=${open ? "true" : "false"}
        @click=${() => (this.open = open ? -1 : entry.seq)}
      >
        <span class="secondary">${format.moment(entry.time)}</span>
        <span class="sentence">${sentenceOf(entry, texts, format, { camera: (id) => this.app.cameraName(id) })}</span>
      </button>
      ${
        open
          ? html`<div class="more">
              <dl>
                <dt>${this.t("ledger.number")}</dt>
                <dd>${entry.seq}</dd>
                <dt>${this.t("ledger.head")}</dt>
                <dd class="mono">${entry.head}</dd>
                ${Object.entries(entry.body ?? {}).map(
                  ([name, value]) =>
                    html`<dt class="mono">${name}</dt>
                      <dd class="mono">${typeof value === "string" ? value : JSON.stringify(value)}</dd>`,
                )}
              </dl>
              ${
                typeof clipId === "string"
                  ? html`<button @click=${() => navigate(routePath("clips", clipId))}>${this.t("ledger.to_clip")}</button>`
                  : ""
              }
            </div>`
          : ""
      }
    </li>`;
  }

  // --- verifying, exporting ---

  private verificationBox(): unknown {
    const progress = this.app.news.site?.verifying ?? null;
    if (this.verifying || progress !== null) {
      return html`<div role="status">
        <progress .value=${progress ?? 0} max="1" aria-label=${this.t("ledger.verifying")}></progress>
        ${this.t("ledger.verifying")} ${this.app.format.percent(progress ?? 0)}
      </div>`;
    }
    if (this.verifyTrouble) return failure(this.app, this.verifyTrouble);
    const found = this.verification;
    if (!found) return "";
    if (found.ok) {
      return notice(icons.CHECK, this.t("ledger.verified", { entries: found.entries, clips: found.clips_checked }));
    }
    return notice(
      icons.ALERT,
      html`<p>${this.t("ledger.problems", { count: found.problems.length })}</p>
        ${found.problems.slice(0, 20).map((problem) => html`<p>${this.app.texts.fault(problem.problem, {
          seq: problem.seq,
          clip_id: problem.clip_id,
          count: problem.detail,
          name: problem.detail,
        }) ?? problem.message}</p>`)}`,
      "error",
    );
  }

  private async verify(): Promise<void> {
    this.verifying = true;
    this.verification = null;
    this.verifyTrouble = null;
    try {
      this.verification = await this.app.client.act("verify", { scope: "all" }, verified);
    } catch (error) {
      this.verifyTrouble = error;
    }
    this.verifying = false;
  }

  private async export(): Promise<void> {
    try {
      const answer = await this.app.client.call("ledger/export", {}, link);
      const anchor = document.createElement("a");
      anchor.href = answer.link;
      anchor.download = "";
      anchor.target = "_blank";
      anchor.click();
    } catch (error) {
      this.app.toast(error);
    }
  }
}

define("cg-ledger", CgLedger);
