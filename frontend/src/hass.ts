/** What the panel needs of Home Assistant's front end. */
import type { Transport } from "./api/client";

export interface EntityState {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Hass extends Transport {
  readonly states: Readonly<Record<string, EntityState>>;
  readonly user?: { readonly id: string; readonly is_admin: boolean; readonly name: string };
  readonly language: string;
  readonly locale?: { readonly language: string };
  readonly config: { readonly time_zone: string; readonly language: string };
  readonly connected: boolean;
  /** `always_hidden`: the sidebar opens by a button, on a desktop too. */
  readonly dockedSidebar?: string;
  readonly themes?: { readonly darkMode?: boolean };
  hassUrl(path?: string): string;
  callService(domain: string, service: string, data: Record<string, unknown>): Promise<unknown>;
}

/** Go to another place in Home Assistant, as its own links do. */
export function navigate(path: string, replace = false): void {
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace } }));
}
