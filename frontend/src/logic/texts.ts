/** Sentences in the reader's language, from the component's translations. */
import type { Refused } from "../api/client";

export type Placeholders = Record<string, string | number>;

/**
 * Fill `{name}` in; what is unknown stays empty. `1 clip|{count} clips`: the first form when `count` is one. (Home
 * Assistant's server can't read the forms that its own front end knows, and drops a language that has them.)
 */
export function fill(template: string, values: Placeholders): string {
  const [one = "", other] = template.split("|");
  const chosen = other === undefined || Number(values.count) === 1 ? one : other;
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** A text; empty for what is none. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export class Texts {
  constructor(
    readonly language: string,
    private readonly resources: Readonly<Record<string, string>>,
  ) {}

  /** A text of the panel: `t("cameras.record")`. Its key when there is none. */
  readonly t = (key: string, values: Placeholders = {}): string =>
    this.raw(`config_panel.${key}`, values) ?? key.replace(/^.*\./, "").replaceAll("_", " ");

  /** Whether the panel has a text of that key. */
  has(key: string): boolean {
    return `component.camguard.config_panel.${key}` in this.resources;
  }

  /** An error's or a fault's sentence by its key; null when there is none. */
  fault(key: string, values: Placeholders = {}): string | null {
    return key ? this.raw(`exceptions.${key}.message`, values) : null;
  }

  /** What went wrong, as a sentence. */
  refusal(error: Refused): string {
    if (error.key === "connection_lost") return this.t("common.offline");
    return this.fault(error.key, error.placeholders) ?? (error.message || this.t("common.failed"));
  }

  private raw(key: string, values: Placeholders): string | null {
    const template = this.resources[`component.camguard.${key}`];
    return template === undefined ? null : fill(template, values);
  }
}
