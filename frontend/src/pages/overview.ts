import { css, html, svg, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { overview, type Overview } from "../api/messages";
import { define } from "../components/define";
import { dutyLine } from "../components/duties";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import "../components/sites";
import { failure, loading, notice } from "../components/states";
import { styles } from "../components/styles";
import { navigate, type Hass } from "../hass";
import { routePath } from "../logic/route";

interface Issue {
  readonly issue_id: string;
  readonly domain: string;
  readonly translation_key: string;
  readonly severity: string;
  readonly ignored: boolean;
  readonly translation_placeholders: Record<string, string> | null;
}

const BAR_PX = 120;
/** Where each duty is attended to. */
const LEADS: Record<string, string> = {
  "2(1)": "/config/integrations/integration/camguard",
  "2(2)": "/camguard/cameras",
  "2(3)": "/camguard/registers/sign",
  "2(4)": "/camguard/registers/person",
  "2(5)ア": "/config/integrations/integration/camguard",
  "2(5)イ": "/camguard/ledger",
  "2(5)ウ": "/config/integrations/integration/camguard",
  "2(5)エ": "/config/repairs",
  "2(5)オ": "/camguard/registers/medium",
  "2(6)": "/camguard/disclose",
  "2(7)": "/camguard/registers/complaint",
  "2(8)": "/camguard/registers/contractor",
  "2(9)": "/camguard/registers/access",
};

/** How the guideline's duties stand, what is stored, and what is wrong. */
export class CgOverview extends CgElement {
  @property({ attribute: false }) hass!: Hass;
  @state() private known: Overview | null = null;
  @state() private issues: readonly Issue[] = [];
  @state() private issueTexts: Record<string, string> = {};
  @state() private trouble: unknown = null;
  private seen = "";

  static override styles = [
    styles,
    css`
      .grid {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        gap: 16px;
        align-items: start;
      }
      @media (max-width: 870px) {
        .grid {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .duty {
        display: grid;
        grid-template-columns: 28px 1fr auto;
        gap: 4px 12px;
        padding: 12px 16px;
        border-top: 1px solid var(--divider-color);
        align-items: start;
      }
      .duty:first-of-type {
        border-top: 0;
      }
      .duty p {
        margin: 0;
      }
      .met {
        color: var(--success-color, #43a047);
      }
      .open {
        color: var(--warning-color, #ffa600);
      }
      .duty-line {
        display: flex;
        gap: 8px;
        align-items: center;
        flex-wrap: wrap;
        padding: 6px 0;
        --cg-icon-size: 18px;
      }
      .duty-line .warn {
        color: var(--warning-color, #ffa600);
      }
      .duty-line .bad {
        color: var(--error-color, #db4437);
      }
      svg text {
        fill: var(--secondary-text-color);
        font-size: 11px;
      }
      .bars rect {
        fill: var(--primary-color);
      }
      .bars rect.held {
        fill: var(--warning-color, #ffa600);
      }
      .bars line {
        stroke: var(--error-color, #db4437);
        stroke-dasharray: 4 3;
      }
      .meter {
        display: flex;
        height: 20px;
        border-radius: 10px;
        overflow: hidden;
        background: var(--secondary-background-color);
        margin: 8px 0;
      }
      .meter div {
        min-width: 2px;
      }
    `,
  ];

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    return changed.size > 1 || !changed.has("hass");
  }

  protected override willUpdate(): void {
    const seen = `${this.app.news.clips} ${this.app.news.duties}`;
    if (seen !== this.seen) {
      this.seen = seen;
      void this.load();
    }
  }

  private async load(): Promise<void> {
    try {
      const client = this.app.client;
      const [known, repairs, texts] = await Promise.all([
        client.call("overview", {}, overview),
        client.send({ type: "repairs/list_issues" }) as Promise<{ issues: Issue[] }>,
        client.send({
          type: "frontend/get_translations",
          language: this.app.texts.language,
          category: "issues",
          integration: "camguard",
        }) as Promise<{ resources: Record<string, string> }>,
      ]);
      this.known = known;
      this.issues = repairs.issues.filter((issue) => issue.domain === "camguard" && !issue.ignored);
      this.issueTexts = texts.resources;
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
    return html`<div class="page stack">
      <h2>${this.t("overview.title")}</h2>
      ${this.problems()}
      <div class="grid">
        <div class="card">${this.checklist(this.known)}</div>
        <div class="stack">
          ${this.storedCard(this.known)} ${this.storageCard(this.known)} ${this.copiesCard(this.known)} ${this.hostsCard(this.known)} ${this.keysCard(this.known)}
          ${this.exposureCard(this.known)} <cg-sites .app=${this.app}></cg-sites>
        </div>
      </div>
    </div>`;
  }

  private problems(): unknown {
    if (this.issues.length === 0) return notice(icons.CHECK, this.t("overview.no_problems"));
    return html`${this.issues.map((issue) => {
      const template = this.issueTexts[`component.camguard.issues.${issue.translation_key}.title`] ?? issue.translation_key;
      const title = template.replace(/\{(\w+)\}/g, (_, name: string) => issue.translation_placeholders?.[name] ?? "");
      return notice(
        icons.ALERT,
        html`<div class="row">
          <span class="grow">${title}</span>
          <a class="button tonal" href="/config/repairs">${this.t("overview.mend")}</a>
        </div>`,
        issue.severity === "warning" ? "warning" : "error",
      );
    })}`;
  }

  private checklist(known: Overview): unknown {
    return html`<h3 class="card-header">${this.t("overview.checklist")}</h3>
      <p class="secondary" style="padding:8px 16px 0">${this.t("overview.checklist_hint")}</p>
      ${known.checklist.map((item) => {
        const key = item.clause.replace(/\W/gu, (letter) => ({ "(": "_", ア: "a", イ: "b", ウ: "c", エ: "d", オ: "e" })[letter] ?? "");
        const lead = LEADS[item.clause];
        const values = Object.fromEntries(
          Object.entries(item.facts).map(([name, value]) => [name, this.fact(name, value)]),
        );
        const icon = { met: icons.CHECK, open: icons.ALERT }[item.state];
        const away = item.state === "open" && item.facts.split === null;
        const exposed = item.state === "open" && item.facts.split === true && Number(item.facts.exposed) > 0;
        const told = away
          ? "overview.away_2_5c"
          : exposed
            ? "overview.exposed_2_5c"
            : `overview.${item.state}_${key}`;
        // What is open in a register is told by what is to be done; the facts are the same sentence.
        const sentence = this.app.texts.has(told) ? told : `overview.met_${key}`;
        return html`<div class="duty" data-clause=${item.clause} data-state=${item.state}>
          <cg-icon class=${item.state} .path=${icon}></cg-icon>
          <div>
            <p><strong>${item.clause} ${this.t(`overview.duty_${key}`)}</strong></p>
            <p>
              <span class="visually-hidden">${this.t(`overview.state_${item.state}`)}:</span> ${this.t(sentence, values)}
            </p>
            ${item.duties.map((duty) => dutyLine(this.app, duty))}
          </div>
          ${
            lead
              ? html`<a
                  class="button"
                  href=${lead}
                  @click=${(event: MouseEvent) => {
                    event.preventDefault();
                    navigate(lead);
                  }}
                  aria-label=${`${this.t("overview.go")}: ${this.t(`overview.duty_${key}`)}`}
                  ><cg-icon .path=${icons.RIGHT}></cg-icon
                ></a>`
              : ""
          }
        </div>`;
      })}`;
  }

  private fact(name: string, value: unknown): string | number {
    if (name === "verified" || name === "checked") {
      return typeof value === "number" ? this.app.format.moment(value) : this.t("overview.never");
    }
    return typeof value === "number" || typeof value === "string" ? value : "";
  }

  private storedCard(known: Overview): unknown {
    const days = [...known.days].reverse();
    const most = Math.max(...days.map((day) => day.clips), 1);
    const width = 100 / Math.max(days.length, 1);
    const oldest = known.retention_days * 86_400;
    const { format } = this.app;
    return html`<div class="card"><div class="card-content">
      <h3>${this.t("overview.stored")}</h3>
      <p class="secondary">${this.t("overview.stored_hint", { days: known.retention_days })}</p>
      ${
        days.length === 0
          ? html`<p>${this.t("clips.none")}</p>`
          : html`<svg
                class="bars"
                viewBox="0 0 100 ${BAR_PX}"
                preserveAspectRatio="none"
                style="width:100%;height:${BAR_PX}px"
                role="img"
                aria-label=${this.t("overview.stored_alt", { count: known.days.reduce((sum, day) => sum + day.clips, 0), days: days.length })}
              >
                ${days.map((day, index) => {
                  const height = (day.clips / most) * (BAR_PX - 8);
                  const late = Date.now() / 1000 - day.start > oldest + 86_400;
                  return svg`<rect
                      class=${late || day.held === day.clips ? "held" : ""}
                      x=${index * width + width * 0.12}
                      y=${BAR_PX - height}
                      width=${width * 0.76}
                      height=${height}
                    ><title>${format.shortDay(day.start + 43_200)}: ${day.clips}</title></rect>`;
                })}
              </svg>
              <div class="row secondary" style="justify-content:space-between;font-size:12px">
                <span>${format.dayOfMonth((days[0]?.start ?? 0) + 43_200)}</span>
                <span>${format.dayOfMonth((days.at(-1)?.start ?? 0) + 43_200)}</span>
              </div>`
      }
    </div></div>`;
  }

  private storageCard({ storage }: Overview): unknown {
    const { format } = this.app;
    if (storage.total === null || storage.free === null) {
      return notice(icons.ALERT, this.app.texts.fault(storage.fault, { path: storage.path }) ?? this.t("overview.storage_away"), "error");
    }
    const others = Math.max(storage.total - storage.free - storage.used, 0);
    const share = (bytes: number): string => `${(bytes / (storage.total ?? 1)) * 100}%`;
    const lasts = storage.per_day ? Math.floor(Math.max(storage.free - storage.min_free, 0) / storage.per_day) : null;
    return html`<div class="card"><div class="card-content">
      <h3>${this.t("overview.storage")}</h3>
      <div class="meter" role="img" aria-label=${this.t("overview.storage_alt", { used: format.size(storage.used), free: format.size(storage.free) })}>
        <div style="width:${share(storage.used)};background:var(--primary-color)"></div>
        <div style="width:${share(others)};background:var(--secondary-text-color);opacity:.5"></div>
      </div>
      <dl>
        <dt>${this.t("overview.used")}</dt>
        <dd>${format.size(storage.used)}</dd>
        <dt>${this.t("overview.free")}</dt>
        <dd>${format.size(storage.free)}</dd>
        ${storage.per_day ? html`<dt>${this.t("overview.per_day")}</dt><dd>${format.size(storage.per_day)}</dd>` : ""}
        ${lasts !== null ? html`<dt>${this.t("overview.lasts")}</dt><dd>${this.t("overview.lasts_days", { count: lasts })}</dd>` : ""}
      </dl>
      <p class="mono secondary">${storage.path}</p>
    </div></div>`;
  }

  private copiesCard({ copies }: Overview): unknown {
    if (copies.length === 0) return "";
    const { format, texts } = this.app;
    return html`<div class="card"><div class="card-content">
      <h3>${this.t("overview.copies")}</h3>
      <p class="secondary">${this.t("overview.copies_hint")}</p>
      ${copies.map((copy) => {
        const clips = (count: number | null): string =>
          count === null ? this.t("overview.copies_unknown") : this.t("overview.copies_clips", { count });
        const share = copy.copied === null ? 0 : copy.copied / Math.max(copy.copied + copy.waiting, 1);
        const back = copy.bringing;
        const meter = (name: string, text: string, part: number): unknown =>
          html`<div class="meter" role="img" aria-label=${`${name}: ${text}`}>
            <div style="width:${part * 100}%;background:var(--primary-color)"></div>
          </div>`;
        return html`<h4>${copy.title} <span class="mono secondary">${copy.place}</span></h4>
          ${copy.fault ? notice(icons.ALERT, texts.fault(copy.fault, { place: copy.place }) ?? copy.fault, "warning") : ""}
          ${copy.waiting ? meter(this.t("overview.copies_waiting"), clips(copy.waiting), share) : ""}
          <dl>
            <dt>${this.t("overview.copies_there")}</dt>
            <dd>${clips(copy.copied)}, ${format.size(copy.size_bytes)}</dd>
            ${copy.waiting ? html`<dt>${this.t("overview.copies_waiting")}</dt><dd>${clips(copy.waiting)}</dd>` : ""}
            ${copy.refused ? html`<dt>${this.t("overview.copies_refused")}</dt><dd>${clips(copy.refused)}</dd>` : ""}
            ${
              copy.escrow_hours
                ? html`<dt>${this.t("overview.copies_escrow")}</dt>
                    <dd>${
                      copy.escrow_us === null
                        ? this.t("overview.copies_escrow_waits")
                        : `${this.t("overview.copies_escrow_of", { count: copy.escrow_clips, hours: copy.escrow_hours })}, ${format.moment(copy.escrow_us / 1e6)}`
                    }</dd>`
                : ""
            }
            ${
              back
                ? html`<dt>${this.t(back.ended ? "overview.copies_brought" : "overview.copies_bringing")}</dt>
                    <dd>${this.t("overview.copies_brought_of", { done: back.done, count: back.count })}</dd>`
                : ""
            }
          </dl>
          ${back && !back.ended ? meter(this.t("overview.copies_bringing"), "", (back.done + back.missing) / back.count) : ""}
          ${back?.missing ? notice(icons.ALERT, this.t("overview.copies_lacking", { count: back.missing }), "warning") : ""}
          ${back?.fault ? notice(icons.ALERT, texts.fault(back.fault, { place: copy.place }) ?? back.fault, "warning") : ""}`;
      })}
    </div></div>`;
  }

  private hostsCard({ hosts }: Overview): unknown {
    if (hosts.length === 0) return "";
    const { format, texts } = this.app;
    return html`<div class="card" data-card="hosts"><div class="card-content">
      <h3>${this.t("overview.hosts")}</h3>
      <p class="secondary">${this.t("overview.hosts_hint")}</p>
      ${hosts.map((host) => {
        const room = this.t("overview.hosts_room_of", {
          idle: format.number(host.idle_cores),
          cores: host.cores,
          free: format.size(host.free_bytes),
        });
        return html`<h4>${host.title} <span class="mono secondary">${host.place}</span></h4>
          ${host.fault ? notice(icons.ALERT, texts.fault(host.fault, { place: host.place }) ?? host.fault, "warning") : ""}
          ${
            host.cores
              ? html`<div class="meter" role="img" aria-label=${`${this.t("overview.hosts_room")}: ${room}`}>
                  <div style="width:${(1 - host.idle_cores / host.cores) * 100}%;background:var(--primary-color)"></div>
                </div>`
              : ""
          }
          <dl>
            <dt>${this.t("overview.hosts_cameras")}</dt>
            <dd>${this.t("overview.hosts_cameras_of", { count: host.cameras })}</dd>
            ${
              host.cores || !host.fault
                ? html`<dt>${this.t("overview.hosts_room")}</dt>
                    <dd>${host.cores ? room : this.t("overview.hosts_connecting")}</dd>`
                : ""
            }
            ${
              host.well
                ? html`<dt>${this.t("overview.hosts_versions")}</dt>
                    <dd>Python ${host.python}, PyAV ${host.av}</dd>`
                : ""
            }
          </dl>`;
      })}
    </div></div>`;
  }

  private exposureCard({ exposure }: Overview): unknown {
    const kinds = ["people", "dashboards", "assistants", "automations", "integrations"] as const;
    return html`<div class="card" data-card="exposure"><div class="card-content">
      <h3>${this.t("overview.exposure")}</h3>
      <p class="secondary">${this.t("overview.exposure_hint")}</p>
      ${
        exposure.length === 0
          ? html`<p>${this.t("overview.exposure_none")}</p>`
          : exposure.map(
              (camera) => html`<h4>${camera.name} <span class="mono secondary">${camera.entity_id}</span></h4>
                <dl>
                  ${kinds
                    .filter((kind) => camera[kind].length > 0)
                    .map((kind) => html`<dt>${this.t(`overview.exposure_${kind}`)}</dt><dd>${camera[kind].join(", ")}</dd>`)}
                </dl>`,
            )
      }
      ${
        exposure.length === 0
          ? ""
          : html`<p><a class="button tonal" href="/config/integrations/integration/camguard">${this.t("overview.exposure_change")}</a></p>`
      }
    </div></div>`;
  }

  private keysCard({ keys }: Overview): unknown {
    return html`<div class="card"><div class="card-content">
      <h3>${this.t("overview.keys")}</h3>
      <dl>
        <dt>${this.t("overview.root")}</dt>
        <dd>${this.t(keys.split === null ? "overview.root_away" : keys.split ? "overview.root_split" : "overview.root_same")}</dd>
        <dt>${this.t("overview.held")}</dt>
        <dd>
          <a
            href=${routePath("clips", "", "", { held: "1" })}
            @click=${(event: MouseEvent) => {
              event.preventDefault();
              navigate(routePath("clips", "", "", { held: "1" }));
            }}
            >${keys.held}</a
          >
        </dd>
        <dt>${this.t("overview.kits")}</dt>
        <dd>${keys.kit_missing ? this.t("overview.kit_missing") : keys.kits}</dd>
        <dt>${this.t("overview.records")}</dt>
        <dd>${keys.records_not_in_kit ? this.t("overview.records_not_in_kit", { count: keys.records, missing: keys.records_not_in_kit }) : keys.records}</dd>
      </dl>
      <p class="mono secondary">${keys.root_path}</p>
    </div></div>`;
  }
}

define("cg-overview", CgOverview);
