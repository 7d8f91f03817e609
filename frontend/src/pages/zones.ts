import { css, html, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { asRefused } from "../api/client";
import { saved, zoneSet, type ZoneSet } from "../api/messages";
import { define } from "../components/define";
import "../components/dialog";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { failure, loading, notice } from "../components/states";
import { styles } from "../components/styles";
import { forgetDraft, rawZones, type CgZoneEditor } from "../components/zone-editor";
import { navigate } from "../hass";
import { parsePoints, type Zone } from "../logic/geometry";
import { routePath } from "../logic/route";

interface Drawn {
  zones: readonly Zone[];
  fit: boolean;
  changed: boolean;
  reference: number[] | null;
}

/** The zones of one guarded camera: drawn, looked at, stated, saved. */
export class CgZones extends CgElement {
  @property() cameraId = "";
  @state() private known: ZoneSet | null = null;
  @state() private trouble: unknown = null;
  @state() private drawn: Drawn | null = null;
  @state() private asking = false;
  @state() private stated = false;
  @state() private saving = false;
  @state() private saveTrouble: unknown = null;
  /** What somebody else saved while this was drawn. */
  @state() private theirs: ZoneSet | null = null;
  @query("cg-zone-editor") private readonly editor!: CgZoneEditor;

  static override styles = [
    styles,
    css`
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
      }
    `,
  ];

  private get target(): Record<string, string> {
    return { camera_id: this.cameraId };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("cameraId")) void this.load();
  }

  private async load(): Promise<void> {
    this.trouble = null;
    try {
      this.known = await this.app.client.call("zones/get", this.target, zoneSet);
    } catch (error) {
      this.trouble = error;
    }
  }

  override render(): unknown {
    if (this.trouble) return html`<div class="page">${failure(this.app, this.trouble, () => void this.load())}</div>`;
    if (!this.known) return loading(this.app);
    const camera = this.app.news.cameras.find((item) => item.camera_id === this.cameraId);
    const states = this.app.hass().states;
    const still = camera?.entity_id ? states[camera.entity_id]?.attributes.entity_picture : "";
    const reason = camera ? this.app.texts.fault(camera.reason, camera.detail) : null;
    return html`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${() => navigate(routePath("cameras"))}>
          <cg-icon .path=${icons.BACK}></cg-icon>
        </button>
        <h2 class="grow">${this.t("zones.title", { camera: this.known.name })}</h2>
        <button
          class="filled"
          ?disabled=${!this.drawn?.fit || !(this.drawn.changed || camera?.reason === "camera_moved")}
          @click=${() => {
            this.stated = false;
            this.saveTrouble = null;
            this.asking = true;
          }}
        >
          ${this.t("common.save")}
        </button>
      </div>
      ${reason ? notice(icons.ALERT, reason, "warning") : ""}
      <cg-zone-editor
        .app=${this.app}
        .target=${this.editorTarget}
        .initial=${this.zonesOf(this.known)}
        .mostPoints=${this.known.max_points}
        .mostZones=${this.known.max_zones}
        .still=${typeof still === "string" ? still : ""}
        @change=${(event: CustomEvent<Drawn>) => (this.drawn = event.detail)}
      ></cg-zone-editor>
      ${this.saveDialog()}${this.conflictDialog()}
    </div>`;
  }

  /** The same object as long as it is the same camera: a new one begins the editor anew. */
  private get editorTarget(): Record<string, string> {
    if (this.lastTarget.camera_id !== this.cameraId) this.lastTarget = this.target;
    return this.lastTarget;
  }
  private lastTarget: Record<string, string> = {};

  private zonesOf(set: ZoneSet): Zone[] {
    return set.zones.map((zone) => ({ name: zone.name, points: parsePoints(zone.points) }));
  }

  private saveDialog(): unknown {
    const seen = this.editor?.seen;
    return html`<cg-dialog
      .open=${this.asking}
      .busy=${this.saving}
      .heading=${this.t("zones.save_title")}
      @closed=${() => (this.asking = false)}
    >
      ${seen ? html`<img style="width:100%;border-radius:8px" src="data:image/jpeg;base64,${seen.image}" alt=${this.t("zones.preview")} />` : ""}
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
      ${this.saveTrouble ? failure(this.app, this.saveTrouble) : ""}
      <button slot="actions" ?disabled=${this.saving} @click=${() => (this.asking = false)}>
        ${this.t("common.cancel")}
      </button>
      <button slot="actions" class="filled" ?disabled=${!this.stated || this.saving} @click=${() => void this.save()}>
        ${this.t("common.save")}
      </button>
    </cg-dialog>`;
  }

  private conflictDialog(): unknown {
    const theirs = this.theirs;
    return html`<cg-dialog
      .open=${theirs !== null}
      .heading=${this.t("zones.conflict_title")}
      @closed=${() => (this.theirs = null)}
    >
      <p>${this.t("zones.conflict")}</p>
      <button
        slot="actions"
        @click=${() => {
          if (theirs) this.editor.replace(this.zonesOf(theirs));
          if (theirs) this.known = theirs;
          this.theirs = null;
        }}
      >
        ${this.t("zones.take_theirs")}
      </button>
      <button
        slot="actions"
        class="filled"
        @click=${() => {
          this.known = theirs;
          this.theirs = null;
          this.stated = false;
          this.asking = true;
        }}
      >
        ${this.t("zones.keep_mine")}
      </button>
    </cg-dialog>`;
  }

  private async save(): Promise<void> {
    if (!this.drawn || !this.known) return;
    this.saving = true;
    this.saveTrouble = null;
    try {
      await this.app.client.call(
        "zones/save",
        {
          ...this.target,
          zones: rawZones(this.drawn.zones),
          revision: this.known.revision,
          statement: this.stated,
          ...(this.drawn.reference ? { reference: this.drawn.reference } : {}),
        },
        saved,
      );
      forgetDraft(JSON.stringify(this.lastTarget));
      this.app.toast(this.t("zones.saved"));
      navigate(routePath("cameras"));
    } catch (error) {
      if (asRefused(error).key === "zones_changed_meanwhile") {
        this.asking = false;
        this.theirs = await this.app.client.call("zones/get", this.target, zoneSet);
      } else {
        this.saveTrouble = error;
      }
    }
    this.saving = false;
  }
}

define("cg-zones", CgZones);
