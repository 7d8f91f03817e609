import { css } from "lit";

/** Home Assistant's variables and measures: its cards, buttons and fields, drawn by ourselves (panel.md §2). */
export const styles = css`
  :host {
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
    font-size: 14px;
    line-height: 1.45;
  }
  * {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3 {
    font-weight: 400;
    margin: 0;
    line-height: 1.25;
    word-break: auto-phrase;
  }
  h2 {
    font-size: 24px;
  }
  h3 {
    font-size: 16px;
    font-weight: 500;
  }
  p {
    margin: 0 0 8px;
  }
  .page {
    max-width: 1200px;
    margin: 0 auto;
    padding: 16px;
  }
  .narrow-page {
    max-width: 720px;
  }
  .card {
    background: var(--ha-card-background, var(--card-background-color, #fff));
    border: var(--ha-card-border-width, 1px) solid var(--ha-card-border-color, var(--divider-color, #e0e0e0));
    border-radius: var(--ha-card-border-radius, 12px);
    box-shadow: var(--ha-card-box-shadow, none);
    overflow: hidden;
  }
  .card-content {
    padding: 16px;
  }
  .card-header {
    padding: 16px 16px 0;
    font-size: 20px;
  }
  .card-actions {
    padding: 8px;
    border-top: 1px solid var(--divider-color, #e0e0e0);
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .secondary {
    color: var(--secondary-text-color);
  }
  .row {
    display: flex;
    gap: 8px;
    align-items: center;
    flex-wrap: wrap;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  .stack > * + * {
    margin-top: 16px;
  }
  button,
  .button {
    font: inherit;
    font-weight: 500;
    min-height: 40px;
    padding: 0 16px;
    border: 0;
    border-radius: var(--ha-button-border-radius, 20px);
    background: transparent;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    text-decoration: none;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }
  @media (pointer: coarse) {
    button,
    .button {
      min-height: 44px;
    }
  }
  button:hover,
  .button:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button:focus-visible,
  .button:focus-visible,
  a:focus-visible,
  input:focus-visible,
  select:focus-visible,
  textarea:focus-visible,
  [tabindex]:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  button.filled,
  .button.filled {
    background: var(--primary-color);
    color: var(--text-primary-color, #fff);
  }
  :host([data-light]) button.filled,
  button.filled,
  .button.filled {
    background: color-mix(in srgb, var(--primary-color) 80%, #000);
    color: #fff;
  }
  button.tonal,
  .button.tonal {
    background: color-mix(in srgb, var(--primary-color) 16%, transparent);
  }
  button.danger {
    background: color-mix(in srgb, var(--error-color, #db4437) 82%, #000);
    color: #fff;
  }
  button[disabled] {
    opacity: 0.45;
    cursor: default;
    pointer-events: none;
  }
  button.icon {
    min-width: 40px;
    padding: 0;
    width: 40px;
    border-radius: 50%;
    flex: none;
  }
  @media (pointer: coarse) {
    button.icon {
      width: 44px;
      height: 44px;
    }
  }
  button[aria-pressed="true"],
  button[aria-selected="true"] {
    background: color-mix(in srgb, var(--primary-color) 22%, transparent);
  }
  label.field {
    display: block;
    font-size: 12px;
    color: var(--secondary-text-color);
  }
  input,
  select,
  textarea {
    font: inherit;
    font-size: 16px;
    color: var(--primary-text-color);
    background: var(--secondary-background-color, #f5f5f5);
    border: 0;
    border-bottom: 1px solid var(--secondary-text-color);
    border-radius: 4px 4px 0 0;
    padding: 10px 12px;
    min-height: 44px;
    width: 100%;
    color-scheme: light dark;
  }
  label.field > :is(input, select, textarea) {
    margin-top: 4px;
  }
  input[type="checkbox"],
  input[type="radio"] {
    width: 20px;
    height: 20px;
    min-height: 0;
    accent-color: var(--primary-color);
    flex: none;
    margin: 0;
  }
  label.check {
    display: flex;
    gap: 12px;
    align-items: flex-start;
    padding: 10px 0;
    cursor: pointer;
  }
  label.option {
    border: 1px solid var(--divider-color, #e0e0e0);
    border-radius: 12px;
    padding: 12px 16px;
    margin-top: 8px;
    align-items: center;
  }
  .option:has(input:checked) {
    border-color: var(--primary-color);
    background: color-mix(in srgb, var(--primary-color) 8%, transparent);
  }
  a {
    color: var(--primary-text-color);
  }
  .notice {
    border-radius: 8px;
    padding: 12px 16px;
    background: color-mix(in srgb, var(--info-color, #039be5) 12%, transparent);
    display: flex;
    gap: 12px;
    align-items: flex-start;
    overflow-wrap: anywhere;
  }
  .notice.warning {
    background: color-mix(in srgb, var(--warning-color, #ffa600) 16%, transparent);
  }
  .notice.error {
    background: color-mix(in srgb, var(--error-color, #db4437) 14%, transparent);
  }
  .chip {
    min-height: 32px;
    padding: 0 12px;
    border: 1px solid var(--divider-color, #e0e0e0);
    border-radius: 8px;
    font-weight: 400;
  }
  @media (pointer: coarse) {
    .chip {
      min-height: 44px;
    }
  }
  .empty {
    text-align: center;
    padding: 48px 16px;
    color: var(--secondary-text-color);
  }
  .empty > * {
    margin-bottom: 12px;
  }
  .empty > cg-icon {
    --cg-icon-size: 48px;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 16px;
    margin: 0;
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  code,
  .mono {
    font-family: var(--ha-font-family-code, monospace);
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  progress {
    width: 100%;
    height: 4px;
    accent-color: var(--primary-color);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
