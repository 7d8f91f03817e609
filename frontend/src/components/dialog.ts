import { css, html, LitElement } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "./define";
import { styles } from "./styles";

/** A dialog with a heading, content and buttons (slot `actions`). Escape and the backdrop close it, unless `busy`. */
export class CgDialog extends LitElement {
  @property() heading = "";
  @property({ type: Boolean }) open = false;
  @property({ type: Boolean }) busy = false;
  @query("dialog") private readonly dialog!: HTMLDialogElement;

  static override styles = [
    styles,
    css`
      dialog {
        border: 0;
        padding: 0;
        border-radius: var(--ha-dialog-border-radius, 24px);
        width: min(560px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        background: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
        color: var(--primary-text-color);
        box-shadow: 0 8px 32px rgb(0 0 0 / 35%);
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      header {
        padding: 24px 24px 8px;
      }
      .content {
        padding: 8px 24px;
        overflow: auto;
      }
      footer {
        padding: 16px 24px 20px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: flex-end;
      }
      @media (max-width: 450px) {
        dialog {
          width: 100vw;
          max-width: 100vw;
          margin: auto 0 0;
          border-radius: 24px 24px 0 0;
          max-height: calc(100dvh - 24px);
        }
      }
    `,
  ];

  override updated(): void {
    if (this.open && !this.dialog.open) this.dialog.showModal();
    if (!this.open && this.dialog.open) this.dialog.close();
  }

  override render(): unknown {
    return html`<dialog
      aria-labelledby="heading"
      @cancel=${(event: Event) => {
        event.preventDefault();
        this.leave();
      }}
      @click=${(event: Event) => {
        if (event.target === this.dialog) this.leave();
      }}
    >
      <header><h2 id="heading">${this.heading}</h2></header>
      <div class="content"><slot></slot></div>
      <footer><slot name="actions"></slot></footer>
    </dialog>`;
  }

  private leave(): void {
    if (!this.busy) this.dispatchEvent(new CustomEvent("closed"));
  }
}

define("cg-dialog", CgDialog);
