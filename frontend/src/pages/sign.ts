import { css, html } from "lit";
import { state } from "lit/decorators.js";
import { link as linkShape } from "../api/messages";
import { define } from "../components/define";
import { link } from "../components/duties";
import { CgElement } from "../components/element";
import * as icons from "../components/icons";
import { failure } from "../components/states";
import { styles } from "../components/styles";
import { navigate } from "../hass";
import { routePath } from "../logic/route";

const CHOICES = {
  size: ["a4", "a5", "sticker"],
  language: ["ja", "en", "both"],
  variant: ["home", "shop", "shared"],
} as const;
type Choice = keyof typeof CHOICES;
/** Width by height, millimetres. */
const SHEETS: Record<string, [number, number]> = { a4: [210, 297], a5: [148, 210], sticker: [100, 100] };
const PX_PER_MM = 96 / 25.4;
const TYPING_MS = 500;
let chosen: Record<Choice, string> | null = null;
let address = "";

/** The sign: chosen, seen, printed; then entered in the register. */
export class CgSign extends CgElement {
  @state() private path = "";
  @state() private trouble: unknown = null;
  private asked = 0;
  private timer = 0;

  static override styles = [
    styles,
    css`
      .grid {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 16px;
        align-items: start;
      }
      @media (max-width: 870px) {
        .grid {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .sheet {
        container-type: inline-size;
      }
      .frame {
        margin: 0 auto;
        overflow: hidden;
        box-shadow: 0 1px 6px rgb(0 0 0 / 30%);
        background: #fff;
      }
      iframe {
        border: 0;
        display: block;
        transform-origin: 0 0;
        pointer-events: none;
      }
    `,
  ];

  protected override willUpdate(): void {
    if (chosen === null) {
      chosen = { size: "a4", language: this.app.texts.language === "ja" ? "ja" : "both", variant: "home" };
    }
    if (!this.path && this.asked === 0) void this.load();
  }

  private async load(): Promise<void> {
    const asked = ++this.asked;
    this.trouble = null;
    try {
      const url = address.trim();
      const { link: path } = await this.app.client.call(
        "papers/sign",
        { ...(chosen ?? {}), ...(url ? { url } : {}) },
        linkShape,
      );
      // What can't be printed is refused when it is fetched: asked here, so that its sentence can be shown.
      const answer = await fetch(this.app.hass().hassUrl(path), { cache: "no-store" });
      if (asked !== this.asked) return;
      if (answer.ok) this.path = path;
      else this.trouble = { code: "", message: await answer.text() };
    } catch (error) {
      if (asked === this.asked) this.trouble = error;
    }
  }

  override render(): unknown {
    const [width, height] = SHEETS[chosen?.size ?? "a4"] ?? [210, 297];
    const [w, h] = [width * PX_PER_MM, height * PX_PER_MM];
    const scale = Math.min(1, (this.app.narrow ? 320 : 480) / w);
    return html`<div class="page stack">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${() => navigate(routePath("registers", "sign"))}>
          <cg-icon .path=${icons.BACK}></cg-icon>
        </button>
        <h2 class="grow">${this.t("sign.title")}</h2>
      </div>
      <div class="grid">
        <div class="card">
          <div class="card-content stack">
            <p class="secondary">${this.t("sign.hint")}</p>
            ${(Object.keys(CHOICES) as Choice[]).map((name) => this.choice(name))}
            <label class="field"
              >${this.t("sign.url")}
              <input
                type="url"
                placeholder="https://"
                maxlength="300"
                .value=${address}
                @input=${(event: Event) => {
                  address = (event.target as HTMLInputElement).value;
                  window.clearTimeout(this.timer);
                  this.timer = window.setTimeout(() => void this.load(), TYPING_MS);
                }}
              />
            </label>
            <p class="secondary">${this.t("sign.url_hint")}</p>
            ${this.trouble ? failure(this.app, this.trouble) : ""}
          </div>
          <div class="card-actions">
            <a class="button" href="/config/integrations/integration/camguard">${this.t("sign.change")}</a>
            <span class="grow"></span>
            <a class="button filled" href=${this.path || "#"} target="_blank" rel="noopener">
              <cg-icon .path=${icons.PRINT}></cg-icon>${this.t("sign.open")}
            </a>
          </div>
        </div>
        <div class="stack">
          <div class="frame" style="width:${w * scale}px;height:${h * scale}px">
            ${
              this.path
                ? html`<iframe
                    title=${this.t("sign.title")}
                    src=${this.path}
                    sandbox="allow-same-origin"
                    scrolling="no"
                    style="width:${w}px;height:${h}px;transform:scale(${scale})"
                  ></iframe>`
                : html`<progress aria-label=${this.t("common.loading")}></progress>`
            }
          </div>
          <p style="text-align:center">
            ${link(
              routePath("registers", "sign", "new"),
              html`<cg-icon .path=${icons.PLUS}></cg-icon>${this.t("sign.enter")}`,
              "button tonal",
            )}
          </p>
        </div>
      </div>
    </div>`;
  }

  private choice(name: Choice): unknown {
    return html`<label class="field"
      >${this.t(`sign.${name}`)}
      <select
        @change=${(event: Event) => {
          if (chosen) chosen = { ...chosen, [name]: (event.target as HTMLSelectElement).value };
          void this.load();
        }}
      >
        ${CHOICES[name].map(
          (value) =>
            html`<option value=${value} ?selected=${chosen?.[name] === value}>${this.t(`sign.${name}_${value}`)}</option>`,
        )}
      </select>
    </label>`;
  }
}

define("cg-sign", CgSign);
