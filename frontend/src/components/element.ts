import { LitElement, type CSSResultGroup } from "lit";
import { property } from "lit/decorators.js";
import type { App } from "../app";
import type { Placeholders } from "../logic/texts";
import { styles } from "./styles";

/** What all pages and most components share. */
export class CgElement extends LitElement {
  @property({ attribute: false }) app!: App;

  static override styles: CSSResultGroup = styles;

  protected t(key: string, values: Placeholders = {}): string {
    return this.app.texts.t(key, values);
  }

  protected emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
