/** Sentences in the reader's language, from the component's translations. */
import type { Refused } from "../api/client";

export type Placeholders = Record<string, string | number>;

/** Fill `{name}` in; `{count, plural, one {…} other {…}}` chooses a form. What is unknown stays empty. */
export function fill(template: string, values: Placeholders, language: string): string {
  const chosen = template.replace(
    /\{(\w+), plural, ((?:(?:=\d+|zero|one|two|few|many|other) \{[^{}]*(?:\{\w+\}[^{}]*)*\}\s*)+)\}/g,
    (_, name: string, forms: string) => {
      const count = Number(values[name]);
      const found = new Map(
        [...forms.matchAll(/(=\d+|\w+) \{((?:[^{}]|\{\w+\})*)\}/g)].map((match) => [match[1], match[2]]),
      );
      const rule = new Intl.PluralRules(language).select(count);
      return (found.get(`=${count}`) ?? found.get(rule) ?? found.get("other") ?? "").replaceAll("#", String(count));
    },
  );
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

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
    return template === undefined ? null : fill(template, values, this.language);
  }
}
