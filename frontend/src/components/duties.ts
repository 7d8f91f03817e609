/** What is to be done, as lines that lead to where it is done. */
import { html, type TemplateResult } from "lit";
import type { App } from "../app";
import type { Duty } from "../api/messages";
import { navigate } from "../hass";
import { startOf } from "../logic/day";
import { routePath } from "../logic/route";
import * as icons from "./icons";

const OF_CLAUSE: Record<string, string> = {
  renew_sign: "sign",
  look_at_sign: "sign",
  put_up_sign: "sign",
  name_responsible: "person",
  enter_viewer: "person",
  pledge: "person",
  review: "review",
  destroy_medium: "medium",
  answer: "complaint",
  agree: "contractor",
  end_agreement: "contractor",
  check_identity: "access",
  answer_request: "access",
};

/** Where a duty is attended to. */
export function leadOf(duty: Duty): string {
  const kind = OF_CLAUSE[duty.what] ?? "incident";
  if (duty.record_id) return routePath("registers", kind, duty.record_id);
  if (duty.what === "make_report") return routePath("registers");
  const query: Record<string, string> = {};
  if (duty.what === "put_up_sign") query.camera = duty.subject;
  if (duty.what === "enter_viewer") query.user = duty.subject;
  if (duty.what === "name_responsible") query.role = "responsible";
  return routePath("registers", kind, "new", query);
}

/** A day, `2026-11-28`, as people write it. */
export const dayText = (app: App, day: string): string => app.format.shortDay(startOf(day, app.zone));

export function link(path: string, content: unknown, kind = ""): TemplateResult {
  return html`<a
    class=${kind}
    href=${path}
    @click=${(event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      navigate(path);
    }}
    >${content}</a
  >`;
}

export function dutyLine(app: App, duty: Duty, users: ReadonlyMap<string, string> = new Map()): TemplateResult {
  const named = duty.number || users.get(duty.subject) || (duty.what === "put_up_sign" ? app.cameraName(duty.subject) : "");
  const due = duty.due ? app.texts.t(duty.late ? "registers.overdue_since" : "registers.due", { day: dayText(app, duty.due) }) : "";
  return link(
    leadOf(duty),
    html`<cg-icon class=${duty.late && duty.due ? "bad" : "warn"} .path=${duty.late && duty.due ? icons.ALERT : icons.CLOCK}></cg-icon>
      <span class="grow">${app.texts.t(`duties.${duty.what}`)}${named ? html` <span class="secondary">${named}</span>` : ""}</span>
      <span class=${duty.late && duty.due ? "bad" : "secondary"}>${due}</span>`,
    "duty-line",
  );
}
