import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { App } from "./app";
import { asRefused, Client } from "./api/client";
import type { News } from "./api/messages";
import { define } from "./components/define";
import * as icons from "./components/icons";
import { loading } from "./components/states";
import { styles } from "./components/styles";
import { navigate, type Hass } from "./hass";
import { Format } from "./logic/format";
import { PAGES, parseRoute, routePath, VIEWER_PAGES, type Page, type Route } from "./logic/route";
import { Texts } from "./logic/texts";
import "./pages/cameras";
import "./pages/add";
import "./pages/motion";
import "./pages/zones";
import "./pages/clips";
import "./pages/clip";
import "./pages/disclose";
import "./pages/wipe";
import "./pages/registers";
import "./pages/register";
import "./pages/record";
import "./pages/sign";
import "./pages/ledger";
import "./pages/overview";

declare const __VERSION__: string;
const TOAST_MS = 6000;
const PAGE_ICONS: Record<Page, string> = {
  cameras: icons.CAMERA,
  clips: icons.CLIPS,
  disclose: icons.DISCLOSE,
  wipe: icons.DELETE,
  registers: icons.REGISTERS,
  ledger: icons.LEDGER,
  overview: icons.CHECKLIST,
};
const CATEGORIES = ["config_panel", "exceptions"];

/** The panel: header, tabs, and the page that the address names. */
export class CamguardPanel extends LitElement {
  @property({ attribute: false }) hass!: Hass;
  @property({ type: Boolean }) narrow = false;
  @property({ attribute: false }) route?: { prefix: string; path: string };
  @property({ attribute: false }) panel?: { config?: { version?: string } };
  @state() private app: App | null = null;
  @state() private news: News | null = null;
  @state() private texts: Texts | null = null;
  @state() private toastText = "";
  @state() private error: unknown = null;
  /** Whether the server has said something that only a newer program can read. */
  @state() private outdated = false;
  private readonly client = new Client(() => this.hass);
  private unfollow: (() => Promise<void>) | null = null;
  private toastTimer = 0;
  private language = "";

  static override styles = [
    styles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100dvh;
        background: var(--primary-background-color);
      }
      header {
        display: flex;
        align-items: center;
        min-height: calc(var(--header-height, 56px) + var(--safe-area-inset-top, 0px));
        padding: var(--safe-area-inset-top, 0px) 8px 0;
        background: var(--app-header-background-color, var(--primary-color));
        color: var(--app-header-text-color, #fff);
        border-bottom: var(--app-header-border-bottom, none);
        flex: none;
      }
      header button {
        color: inherit;
      }
      h1 {
        font-size: 20px;
        padding: 0 12px;
      }
      nav {
        display: flex;
        flex: 1;
        min-width: 0;
        overflow-x: auto;
        scrollbar-width: none;
      }
      nav a {
        color: inherit;
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 0 16px;
        min-height: 56px;
        text-decoration: none;
        font-weight: 500;
        white-space: nowrap;
        border-bottom: 3px solid transparent;
      }
      nav a[aria-current="page"] {
        border-bottom-color: currentcolor;
      }
      nav.bottom {
        flex: none;
        background: var(--sidebar-background-color, var(--card-background-color));
        color: var(--primary-text-color);
        border-top: 1px solid var(--divider-color);
        padding-bottom: var(--safe-area-inset-bottom, 0px);
      }
      nav.bottom a {
        flex: 1 0 52px;
        flex-direction: column;
        gap: 2px;
        justify-content: center;
        padding: 4px 2px;
        font-size: 11px;
        font-weight: 400;
        color: var(--secondary-text-color);
        border: 0;
      }
      nav.bottom a[aria-current="page"] {
        color: var(--primary-text-color);
        font-weight: 600;
      }
      nav.bottom a[aria-current="page"] cg-icon {
        background: color-mix(in srgb, var(--primary-color) 25%, transparent);
        border-radius: 14px;
        padding: 2px 12px;
        width: 48px;
        height: 28px;
      }
      main {
        flex: 1;
        overflow: auto;
        min-height: 0;
        overscroll-behavior-y: contain;
      }
      .toast {
        position: fixed;
        left: 50%;
        bottom: calc(24px + var(--safe-area-inset-bottom, 0px));
        transform: translateX(-50%);
        max-width: min(640px, calc(100vw - 32px));
        background: #323232;
        color: #fff;
        border-radius: 8px;
        padding: 12px 20px;
        z-index: 10;
        box-shadow: 0 4px 16px rgb(0 0 0 / 40%);
      }
      .toast[data-narrow] {
        bottom: 88px;
      }
      .banner {
        padding: 8px 16px;
        background: color-mix(in srgb, var(--warning-color, #ffa600) 30%, var(--primary-background-color));
        display: flex;
        gap: 12px;
        align-items: center;
        flex-wrap: wrap;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.unfollow?.();
    this.unfollow = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const language = this.hass.locale?.language ?? this.hass.language;
    if (language !== this.language) {
      this.language = language;
      void this.load(language);
    }
    if (this.texts && this.news && (!this.app || !changed.has("hass") || changed.size > 1)) this.app = this.makeApp();
  }

  private makeApp(): App {
    const [texts, news] = [this.texts as Texts, this.news as News];
    const zone = this.hass.config.time_zone;
    const old = this.app;
    const names = new Map(news.cameras.map((camera) => [camera.camera_id, camera.name]));
    return {
      client: this.client,
      texts,
      format: old?.format.language === texts.language && old.zone === zone ? old.format : new Format(texts.language, zone),
      news,
      narrow: this.narrow,
      zone,
      userId: this.hass.user?.id ?? "",
      hass: () => this.hass,
      toast: (what) => this.toast(what),
      cameraName: (id) => names.get(id) ?? texts.t("clips.removed_camera"),
    };
  }

  private async begin(): Promise<void> {
    await this.updateComplete;
    try {
      this.unfollow ??= await this.client.follow(
        (news) => {
          this.news = news;
          this.error = null;
        },
        () => (this.outdated = true),
      );
    } catch (error) {
      this.error = error;
    }
  }

  private async load(language: string): Promise<void> {
    let answers: unknown[];
    try {
      answers = await Promise.all(
        CATEGORIES.map((category) =>
          this.client.send({ type: "frontend/get_translations", language, category, integration: "camguard" }),
        ),
      );
    } catch (error) {
      this.error = error;
      this.language = ""; // with the next state of the house it is tried again
      return;
    }
    const resources = answers.map((answer) => (answer as { resources: Record<string, string> }).resources);
    if (language === this.language) this.texts = new Texts(language, Object.assign({}, ...resources) as Record<string, string>);
  }

  private toast(what: unknown): void {
    window.clearTimeout(this.toastTimer);
    this.toastText = typeof what === "string" ? what : (this.texts?.refusal(asRefused(what)) ?? "");
    this.toastTimer = window.setTimeout(() => (this.toastText = ""), TOAST_MS);
  }

  override render(): unknown {
    const app = this.app;
    if (!app) {
      return html`<header>${this.menuButton()}<h1>CamGuard</h1></header>
        <main>${this.error ? html`<div class="page" role="alert">${asRefused(this.error).message}</div>` : ""}</main>`;
    }
    const route = parseRoute(this.route?.path ?? "", location.search);
    const pages = app.news.role === "administrator" ? PAGES : app.news.role === "viewer" ? VIEWER_PAGES : [];
    const tabs = pages.map(
      (page) =>
        html`<a
          href=${routePath(page)}
          aria-current=${page === route.page ? "page" : nothing}
          @click=${(event: MouseEvent) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            navigate(routePath(page));
          }}
          ><cg-icon .path=${PAGE_ICONS[page]}></cg-icon><span>${app.texts.t(`tabs.${page}`)}</span></a
        >`,
    );
    const label = app.texts.t("tabs.label");
    return html`<header>
        ${this.menuButton()}
        <h1>CamGuard</h1>
        ${this.narrow ? "" : html`<nav aria-label=${label}>${tabs}</nav>`}
      </header>
      ${this.banner(app)}
      <main>${this.page(app, route, pages)}</main>
      ${this.narrow && tabs.length > 0 ? html`<nav class="bottom" aria-label=${label}>${tabs}</nav>` : ""}
      <div role="status" aria-live="polite">
        ${this.toastText ? html`<div class="toast" ?data-narrow=${this.narrow}>${this.toastText}</div>` : ""}
      </div>`;
  }

  private menuButton(): unknown {
    if (!this.narrow && this.hass.dockedSidebar !== "always_hidden") return "";
    return html`<button
      class="icon"
      aria-label=${this.texts?.t("tabs.menu") ?? "Menu"}
      @click=${() => this.dispatchEvent(new CustomEvent("hass-toggle-menu", { bubbles: true, composed: true }))}
    >
      <cg-icon .path=${icons.MENU}></cg-icon>
    </button>`;
  }

  private banner(app: App): unknown {
    const version = this.panel?.config?.version;
    if (this.outdated || (version && version !== __VERSION__) || app.news.version !== __VERSION__) {
      return html`<div class="banner" role="status">
        <span class="grow">${app.texts.t("common.updated")}</span>
        <button class="filled" @click=${() => location.reload()}>${app.texts.t("common.reload")}</button>
      </div>`;
    }
    return this.hass.connected ? "" : html`<div class="banner" role="status">${app.texts.t("common.offline")}</div>`;
  }

  private page(app: App, route: Route, pages: readonly Page[]): unknown {
    if (!app.news.running) {
      return html`<div class="page narrow-page"><div class="empty">
        <cg-icon .path=${icons.CAMERA_OFF}></cg-icon>
        <h3>${app.texts.t("common.not_running")}</h3>
        <p>${app.texts.t("common.not_running_hint")}</p>
        <a class="button tonal" href="/config/integrations/integration/camguard">${app.texts.t("common.integration")}</a>
      </div></div>`;
    }
    if (!pages.includes(route.page)) {
      return html`<div class="page narrow-page"><div class="empty">
        <cg-icon .path=${icons.HOLD}></cg-icon>
        <h3>${app.texts.t("common.no_access")}</h3>
        <p>${app.texts.t("common.no_access_hint")}</p>
      </div></div>`;
    }
    switch (route.page) {
      case "cameras":
        if (route.id === "add") return html`<cg-add .app=${app}></cg-add>`;
        if (route.part === "zones") return html`<cg-zones .app=${app} .cameraId=${route.id}></cg-zones>`;
        if (route.part === "motion") return html`<cg-motion .app=${app} .cameraId=${route.id}></cg-motion>`;
        return html`<cg-cameras .app=${app} .hass=${this.hass}></cg-cameras>`;
      case "clips":
        return route.id
          ? html`<cg-clip .app=${app} .route=${route} .clipId=${route.id}></cg-clip>`
          : html`<cg-clips .app=${app} .route=${route}></cg-clips>`;
      case "disclose":
        return html`<cg-disclose .app=${app} .route=${route}></cg-disclose>`;
      case "wipe":
        return html`<cg-wipe .app=${app} .route=${route}></cg-wipe>`;
      case "registers":
        if (route.id === "sign" && route.part === "print") return html`<cg-sign .app=${app}></cg-sign>`;
        if (route.part && route.id !== "document") return html`<cg-record .app=${app} .route=${route}></cg-record>`;
        if (route.id) return html`<cg-register .app=${app} .kind=${route.id}></cg-register>`;
        return html`<cg-registers .app=${app}></cg-registers>`;
      case "ledger":
        return html`<cg-ledger .app=${app} .route=${route}></cg-ledger>`;
      case "overview":
        return html`<cg-overview .app=${app} .hass=${this.hass}></cg-overview>`;
      default:
        return loading(app);
    }
  }
}

define("camguard-panel", CamguardPanel);
