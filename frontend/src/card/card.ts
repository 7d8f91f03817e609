/** A guarded camera on a dashboard: its masked picture, how it does, its last clips. Small: it is loaded by every page. */
import { mdiCctv, mdiClose, mdiEyeOffOutline, mdiLockOpenVariantOutline, mdiLockOutline, mdiPlay } from "@mdi/js";

interface State {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}
interface Registered {
  readonly entity_id: string;
  readonly device_id?: string;
  readonly platform?: string;
  readonly translation_key?: string;
}
interface Hass {
  readonly states: Readonly<Record<string, State>>;
  readonly entities: Readonly<Record<string, Registered>>;
  readonly language: string;
  readonly user?: { readonly is_admin: boolean };
  callWS(message: Record<string, unknown>): Promise<unknown>;
  callService(domain: string, service: string, data: Record<string, unknown>): Promise<unknown>;
  formatEntityState(state: State): string;
  loadBackendTranslation(category: string, integration: string): Promise<Localize>;
}
type Localize = (key: string, values?: Record<string, string | number>) => string;
interface Config {
  readonly type: string;
  readonly entity: string;
  readonly live?: boolean;
  readonly clips?: number;
}
interface Clip {
  readonly clip_id: string;
  readonly start: number;
  readonly end: number;
  readonly hold: { readonly until: number } | null;
  readonly thumbnail: string;
}
interface Picture extends HTMLElement {
  hass: Hass;
}
declare global {
  interface Window {
    customCards?: Record<string, unknown>[];
    loadCardHelpers?: () => Promise<{ createCardElement(config: Record<string, unknown>): Picture }>;
  }
}

const CLIPS = 3;
const CLIPS_MOST = 12;
const HOLD_DAYS = 30;
const LINK_MS = 540_000;
const STYLE = `
ha-card{overflow:hidden;display:block}
.picture{position:relative;background:#111;min-height:120px}
.picture>*:first-child{--ha-card-border-width:0;--ha-card-border-radius:0;--ha-card-box-shadow:none;display:block}
button{font:inherit;color:inherit;border:0;background:none;cursor:pointer;padding:0}
button:focus-visible,a:focus-visible{outline:2px solid var(--primary-color);outline-offset:2px}
.watch{position:absolute;inset-block-start:8px;inset-inline-end:8px;width:44px;height:44px;border-radius:50%;background:rgba(0,0,0,.55);color:#fff}
svg{width:24px;height:24px;fill:currentColor;display:block;margin:auto}
.head{display:flex;align-items:center;gap:12px;padding:12px 16px}
.head svg{margin:0;color:var(--secondary-text-color)}
.recording svg{color:var(--error-color,#db4437)}
.name{flex:1;font-size:16px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.state{color:var(--secondary-text-color)}
.clips{display:grid;grid-template-columns:repeat(auto-fill,minmax(96px,1fr));gap:8px;padding:0 16px 16px}
.clip{position:relative;border-radius:8px;overflow:hidden;background:var(--secondary-background-color)}
.clip img{width:100%;aspect-ratio:16/9;object-fit:cover;display:block}
.clip a{color:inherit;text-decoration:none;display:block}
.clip span{display:block;padding:4px 8px;font-size:12px;color:var(--primary-text-color)}
.clip button{position:absolute;inset-block-start:0;inset-inline-end:0;width:44px;height:44px;color:#fff;filter:drop-shadow(0 0 3px #000)}
.none{padding:0 16px 16px;color:var(--secondary-text-color)}
`;

class CamguardCard extends HTMLElement {
  static getStubConfig(hass: Hass): Partial<Config> {
    const found = Object.values(hass.entities).find(
      ({ platform, entity_id }) => platform === "camguard" && entity_id.startsWith("camera."),
    );
    return { entity: found?.entity_id ?? "", clips: CLIPS };
  }

  static getConfigForm(): Record<string, unknown> {
    const texts = CamguardCard.texts;
    return {
      schema: [
        {
          name: "entity",
          required: true,
          selector: { entity: { filter: { integration: "camguard", domain: "camera" } } },
        },
        { name: "live", selector: { boolean: {} } },
        { name: "clips", selector: { number: { min: 0, max: CLIPS_MOST, mode: "box" } } },
      ],
      computeLabel: ({ name }: { name: string }) => texts(`editor_${name}`),
      computeHelper: ({ name }: { name: string }) => (name === "live" ? texts("editor_live_hint") : ""),
    };
  }

  /** The texts of the card, in the reader's language; their keys until they are there. */
  private static texts: Localize = (key) => key;

  private config: Config | null = null;
  private known: Hass | null = null;
  private language = "";
  private watching = false;
  private picture: Picture | null = null;
  private pictureOf = "";
  private clips: readonly Clip[] | null = null;
  private clipsOf = "";
  private clipsAt = 0;
  private shown = "";
  private readonly root: ShadowRoot;

  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
  }

  setConfig(config: Config): void {
    if (!/^camera\./.test(config.entity)) throw new Error("entity: a guarded camera is needed");
    this.config = config;
    this.watching = config.live === true;
    this.clipsOf = this.pictureOf = this.shown = "";
    this.update();
  }

  getCardSize(): number {
    return 5;
  }

  getGridOptions(): Record<string, unknown> {
    return { columns: 12, min_columns: 6 };
  }

  set hass(hass: Hass) {
    this.known = hass;
    if (hass.language !== this.language) {
      this.language = hass.language;
      void hass.loadBackendTranslation("config_panel", "camguard").then((localize) => {
        CamguardCard.texts = (key, values) => localize(`component.camguard.config_panel.card.${key}`, values) || key;
        this.shown = "";
        this.update();
      });
    }
    if (this.picture) this.picture.hass = hass;
    this.update();
  }

  /** Another entity of the same camera, by what it is. */
  private sibling(key: string): State | undefined {
    const { known, config } = this;
    const device = known?.entities[config?.entity ?? ""]?.device_id;
    const found = Object.values(known?.entities ?? {}).find(
      (item) => device && item.device_id === device && item.platform === "camguard" && item.translation_key === key,
    );
    return found && known?.states[found.entity_id];
  }

  private update(): void {
    const { config, known } = this;
    if (!config || !known) return;
    void this.showPicture(config, known);
    const newest = this.sibling("last_clip")?.state ?? "";
    const key = `${config.entity} ${newest} ${config.clips ?? CLIPS}`;
    if (key !== this.clipsOf || Date.now() - this.clipsAt > LINK_MS) {
      this.clipsOf = key;
      void this.fetchClips(config, known);
    }
    const state = known.states[config.entity];
    const isPrivate = this.sibling("privacy")?.state === "on";
    const seen = JSON.stringify([config, state?.state, isPrivate, this.watching, this.clips, this.language]);
    if (seen !== this.shown) {
      this.shown = seen;
      this.render(config, known, state, isPrivate);
    }
  }

  /** Home Assistant's own card shows the picture, with its player: it starts and stops with the page. */
  private async showPicture(config: Config, known: Hass): Promise<void> {
    const view = this.watching ? "live" : "auto";
    const wanted = `${config.entity} ${view}`;
    if (wanted === this.pictureOf || !window.loadCardHelpers) return;
    this.pictureOf = wanted;
    const helpers = await window.loadCardHelpers();
    const picture = helpers.createCardElement({
      type: "picture-entity",
      entity: config.entity,
      camera_view: view,
      show_name: false,
      show_state: false,
    });
    if (wanted !== this.pictureOf) return;
    picture.hass = this.known ?? known;
    this.picture = picture;
    this.root.querySelector(".picture")?.firstElementChild?.replaceWith(picture);
  }

  private async fetchClips(config: Config, known: Hass): Promise<void> {
    this.clipsAt = Date.now();
    const limit = Math.min(config.clips ?? CLIPS, CLIPS_MOST);
    const cameraId = await this.cameraId(config, known);
    if (!limit || !cameraId) {
      this.clips = null;
    } else {
      try {
        const message = { type: "camguard/clips/list", camera_ids: [cameraId], limit };
        this.clips = ((await known.callWS(message)) as { clips: Clip[] }).clips;
      } catch {
        this.clips = null; // who may not view clips sees none
      }
    }
    this.update();
  }

  private async cameraId(config: Config, known: Hass): Promise<string | null> {
    try {
      const message = { type: "config/entity_registry/get", entity_id: config.entity };
      const entry = (await known.callWS(message)) as { unique_id: string; platform: string };
      return entry.platform === "camguard" ? entry.unique_id.replace(/_camera$/, "") : null;
    } catch {
      return null;
    }
  }

  private render(config: Config, known: Hass, state: State | undefined, isPrivate: boolean): void {
    const t = CamguardCard.texts;
    const friendly = state?.attributes.friendly_name;
    const name = typeof friendly === "string" ? friendly : config.entity;
    const told = isPrivate ? t("private") : state ? known.formatEntityState(state) : t("missing");
    const button = `<button class="watch" aria-label="${escaped(t(this.watching ? "end" : "watch"))}">${icon(this.watching ? mdiClose : mdiPlay)}</button>`;
    const can = state && state.state !== "unavailable" && !isPrivate && !config.live;
    const clips = this.clips?.map((clip) => this.clip(clip, known)).join("");
    this.root.innerHTML = `<style>${STYLE}</style><ha-card>
      <div class="picture"><span></span>${can ? button : ""}</div>
      <div class="head ${state?.state === "recording" ? "recording" : ""}">${icon(isPrivate ? mdiEyeOffOutline : mdiCctv)}
        <span class="name">${escaped(name)}</span><span class="state" role="status">${escaped(told)}</span></div>
      ${clips === undefined ? "" : clips ? `<div class="clips">${clips}</div>` : `<div class="none">${escaped(t("none"))}</div>`}
    </ha-card>`;
    const slot = this.root.querySelector(".picture")?.firstElementChild;
    if (this.picture && slot) slot.replaceWith(this.picture);
    this.root.querySelector(".watch")?.addEventListener("click", () => {
      this.watching = !this.watching;
      this.update();
    });
    for (const link of this.root.querySelectorAll<HTMLAnchorElement>(".clip a")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        history.pushState(null, "", link.getAttribute("href"));
        window.dispatchEvent(new CustomEvent("location-changed"));
      });
    }
    for (const lock of this.root.querySelectorAll<HTMLButtonElement>(".clip button")) {
      lock.addEventListener("click", () => void this.hold(lock.dataset.clip ?? "", lock.dataset.held === "1"));
    }
  }

  private clip(clip: Clip, known: Hass): string {
    const t = CamguardCard.texts;
    const when = new Intl.DateTimeFormat(this.language, { weekday: "short", hour: "numeric", minute: "2-digit" });
    const label = when.format(clip.start * 1000);
    const lock = known.user?.is_admin
      ? `<button data-clip="${clip.clip_id}" data-held="${clip.hold ? 1 : 0}" aria-label="${escaped(`${t(clip.hold ? "release" : "hold")}: ${label}`)}">${icon(clip.hold ? mdiLockOutline : mdiLockOpenVariantOutline)}</button>`
      : "";
    return `<div class="clip"><a href="/camguard/clips/${clip.clip_id}"><img loading="lazy" alt="" src="${escaped(clip.thumbnail)}" /><span>${escaped(label)}</span></a>${lock}</div>`;
  }

  /** Hold a clip for a month, or release it; either can be undone at once. */
  private async hold(clipId: string, held: boolean): Promise<void> {
    const { known } = this;
    if (!known) return;
    const t = CamguardCard.texts;
    const until = new Date(Date.now() + HOLD_DAYS * 86_400_000).toISOString().slice(0, 10);
    const reason = t("reason");
    try {
      if (held) await known.callService("camguard", "release", { clip_ids: [clipId], reason });
      else await known.callService("camguard", "hold", { clip_ids: [clipId], reason, until });
      this.say(t(held ? "released" : "held"), { text: t("undo"), action: () => void this.hold(clipId, !held) });
    } catch (error) {
      this.say(error instanceof Error ? error.message : String((error as { message?: string }).message));
    }
    this.clipsOf = "";
    this.update();
  }

  private say(message: string, action?: { text: string; action: () => void }): void {
    const detail = { message, duration: 8000, ...(action ? { action } : {}) };
    this.dispatchEvent(new CustomEvent("hass-notification", { detail, bubbles: true, composed: true }));
  }
}

function icon(path: string): string {
  return `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function define(): void {
  if (customElements.get("camguard-card")) return;
  customElements.define("camguard-card", CamguardCard);
  window.customCards = [
    ...(window.customCards ?? []),
    {
      type: "camguard-card",
      name: "CamGuard",
      description: navigator.language.startsWith("ja")
        ? "保護されたカメラ：マスクされた映像、状態、最新のクリップ"
        : "A guarded camera: masked picture, state, last clips",
      preview: true,
      documentationURL: "https://github.com/camguard/camguard",
    },
  ];
}

// This may be loaded before Home Assistant's own program, which puts a registry of its own in the browser's place: what
// was defined until then is unknown to it, and the dashboard would show an error for ever.
void customElements.whenDefined("home-assistant").then(define);
window.setTimeout(define, 15_000);
