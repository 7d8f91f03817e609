import { css, LitElement, svg } from "lit";
import { property } from "lit/decorators.js";
import { define } from "./define";

/** A Material Design icon, by its path. Says nothing to a screen reader: the text beside it does. */
export class CgIcon extends LitElement {
  @property() path = "";

  static override styles = css`
    :host {
      display: inline-flex;
      width: var(--cg-icon-size, 24px);
      height: var(--cg-icon-size, 24px);
      flex: none;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: currentcolor;
    }
  `;

  override render(): unknown {
    return svg`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${this.path}></path></svg>`;
  }
}

define("cg-icon", CgIcon);
