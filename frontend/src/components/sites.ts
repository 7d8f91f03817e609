/** Other Home Assistants with CamGuard: how each stands, asked one by one when somebody looks. */
import { css, html } from "lit";
import { state } from "lit/decorators.js";
import { sites, summary, type OtherSite, type Summary } from "../api/messages";
import { define } from "./define";
import { CgElement } from "./element";
import { failure, loading } from "./states";
import { styles } from "./styles";

const WELL = ["streaming", "recording", "finishing", "asleep"];

type Known = Summary | { readonly trouble: unknown };

export class CgSites extends CgElement {
  @state() private list: readonly OtherSite[] = [];
  @state() private known: ReadonlyMap<string, Known> = new Map();

  static override styles = [
    styles,
    css`
      :host {
        display: block;
      }
      h4 {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 8px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.list = (await this.app.client.call("sites", {}, sites)).sites;
    } catch {
      return; // the page that this card is on says what is wrong
    }
    await Promise.all(this.list.map((site) => this.ask(site)));
  }

  private async ask(site: OtherSite): Promise<void> {
    let known: Known;
    try {
      known = await this.app.client.call("sites/summary", { site_id: site.site_id }, summary);
    } catch (trouble) {
      known = { trouble };
    }
    this.known = new Map(this.known).set(site.site_id, known);
  }

  private again(site: OtherSite): void {
    const known = new Map(this.known);
    known.delete(site.site_id);
    this.known = known;
    void this.ask(site);
  }

  override render(): unknown {
    if (this.list.length === 0) return "";
    return html`<div class="card"><div class="card-content">
      <h3>${this.t("overview.sites")}</h3>
      <p class="secondary">${this.t("overview.sites_hint")}</p>
      ${this.list.map((site) => {
        const known = this.known.get(site.site_id);
        return html`<h4>
            ${site.name}
            <a class="button tonal" href=${`${site.url}/camguard`} target="_blank" rel="noopener noreferrer">
              ${this.t("overview.sites_open")}
            </a>
          </h4>
          ${
            known === undefined
              ? loading(this.app)
              : "trouble" in known
                ? failure(this.app, known.trouble, () => this.again(site))
                : this.standing(known)
          }`;
      })}
    </div></div>`;
  }

  private standing(known: Summary): unknown {
    const { format, texts } = this.app;
    const { duties, gaps, storage } = known;
    const well = known.cameras.filter((camera) => WELL.includes(camera.state)).length;
    const latest = gaps.latest[0];
    return html`<dl>
      <dt>${this.t("overview.sites_cameras")}</dt>
      <dd>${this.t("overview.sites_cameras_of", { well, count: known.cameras.length })}</dd>
      <dt>${this.t("overview.sites_duties")}</dt>
      <dd>${duties.late ? this.t("overview.sites_duties_late", duties) : format.number(duties.open)}</dd>
      <dt>${this.t("overview.sites_gaps")}</dt>
      <dd>
        ${
          latest
            ? this.t("overview.sites_gaps_latest", {
                count: gaps.count,
                camera: latest.camera,
                start: format.moment(latest.start),
              })
            : this.t("overview.sites_none")
        }
      </dd>
      <dt>${this.t("overview.sites_storage")}</dt>
      <dd>
        ${
          storage.fault
            ? (texts.fault(storage.fault) ?? storage.fault)
            : this.t("overview.sites_storage_of", { used: format.size(storage.used), free: format.size(storage.free ?? 0) })
        }
      </dd>
      ${
        known.copies_waiting
          ? html`<dt>${this.t("overview.sites_waiting")}</dt><dd>${this.t("overview.copies_clips", { count: known.copies_waiting })}</dd>`
          : ""
      }
    </dl>`;
  }
}

define("cg-sites", CgSites);
