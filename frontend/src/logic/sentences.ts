/** One plain sentence for each ledger entry, in the reader's language. */
import type { Entry } from "../api/messages";
import type { Format } from "./format";
import { textOf, type Placeholders, type Texts } from "./texts";

export interface Known {
  /** A camera's name by its id; its id for one that was removed. */
  camera(id: string): string;
}

export function sentenceOf(entry: Entry, texts: Texts, format: Format, known: Known): string {
  if (entry.body === null) return texts.t("ledger.dropped");
  const key = `ledger.${entry.event}`;
  const values = valuesOf(entry.body, texts, format, known);
  if (entry.event === "settings_changed" && !("camera_id" in entry.body)) return texts.t("ledger.settings_changed_site", values);
  const by = entry.body.user_id === null || entry.body.user_id === undefined ? `${key}_itself` : key;
  if (texts.has(by)) return texts.t(by, values);
  return texts.has(key) ? texts.t(key, values) : texts.t("ledger.unknown", { event: entry.event });
}

function valuesOf(body: Record<string, unknown>, texts: Texts, format: Format, known: Known): Placeholders {
  const values: Placeholders = {};
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === "string" || typeof value === "number") values[name] = value;
    if (Array.isArray(value)) values[`${name}_count`] = value.length;
  }
  values.who = textOf(body.user_name) || texts.t("ledger.nobody");
  values.register = texts.t(`registers.kind_${textOf(body.kind) || "all"}`);
  values.camera = known.camera(textOf(body.camera_id));
  values.count = Array.isArray(body.clip_ids) ? body.clip_ids.length : Number(body.clips ?? 0);
  values.reason = reasonOf(body, texts);
  values.cause = texts.fault(textOf(body.cause)) ?? textOf(body.cause);
  if (typeof body.from_us === "number") values.from = format.time(body.from_us / 1e6, true);
  values.to = typeof body.to_us === "number" ? format.time(body.to_us / 1e6, true) : "…";
  if (typeof body.until_us === "number") values.until = format.shortDay(body.until_us / 1e6);
  return values;
}

function reasonOf(body: Record<string, unknown>, texts: Texts): string {
  const reason = textOf(body.reason);
  return texts.has(`ledger.reason_${reason}`) ? texts.t(`ledger.reason_${reason}`) : reason;
}
