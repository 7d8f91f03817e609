/** How a page looks before there is anything to show. */
import { html, type TemplateResult } from "lit";
import type { App } from "../app";
import { asRefused } from "../api/client";
import { ALERT } from "./icons";
import "./icon";

export function loading(app: App): TemplateResult {
  return html`<div class="empty" role="status">
    <progress aria-label=${app.texts.t("common.loading")}></progress>
    <p>${app.texts.t("common.loading")}</p>
  </div>`;
}

export function empty(icon: string, title: string, hint: unknown = ""): TemplateResult {
  return html`<div class="empty">
    <cg-icon .path=${icon}></cg-icon>
    <h3>${title}</h3>
    <p>${hint}</p>
  </div>`;
}

export function failure(app: App, error: unknown, again?: () => void): TemplateResult {
  return html`<div class="notice error" role="alert">
    <cg-icon .path=${ALERT}></cg-icon>
    <div class="grow">
      <p>${app.texts.refusal(asRefused(error))}</p>
      ${again ? html`<button class="tonal" @click=${again}>${app.texts.t("common.again")}</button>` : ""}
    </div>
  </div>`;
}

export function notice(icon: string, content: unknown, kind = ""): TemplateResult {
  return html`<div class="notice ${kind}">
    <cg-icon .path=${icon}></cg-icon>
    <div class="grow">${content}</div>
  </div>`;
}
