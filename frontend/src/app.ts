/** What every page is given: who looks, how things stand, in which language, and how to go on from here. */
import type { Client } from "./api/client";
import type { News } from "./api/messages";
import type { Hass } from "./hass";
import type { Format } from "./logic/format";
import type { Texts } from "./logic/texts";

export interface App {
  readonly client: Client;
  readonly texts: Texts;
  readonly format: Format;
  readonly news: News;
  readonly narrow: boolean;
  readonly zone: string;
  readonly userId: string;
  /** The newest one: it changes with every state in the house, which isn't a reason to draw anew. */
  hass(): Hass;
  /** Say something at the lower edge; an error as its sentence. */
  toast(what: unknown): void;
  cameraName(id: string): string;
}

export const isAdministrator = (app: App): boolean => app.news.role === "administrator";
