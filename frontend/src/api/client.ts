/** Talks to CamGuard: the panel's commands, the actions, and the news that the server pushes. */
import { news, type News } from "./messages";
import type { Shape } from "./shape";

/** What an error tells: `key` names its sentence in the translations of exceptions, `message` is the server's own. */
export class Refused extends Error {
  constructor(
    readonly key: string,
    message: string,
    readonly placeholders: Record<string, string> = {},
  ) {
    super(message);
    this.name = "Refused";
  }
}

export interface Connection {
  subscribeMessage(
    callback: (message: unknown) => void,
    message: { type: string },
    options?: { resubscribe?: boolean },
  ): Promise<() => Promise<void>>;
}

export interface Transport {
  callWS(message: { type: string; [name: string]: unknown }): Promise<unknown>;
  readonly connection: Connection;
}

export class Client {
  constructor(private readonly transport: () => Transport) {}

  /** Call `camguard/<name>`; rejects with Refused. */
  async call<T>(name: string, fields: Record<string, unknown>, shape: Shape<T>): Promise<T> {
    return shape(await this.send({ type: `camguard/${name}`, ...fields }));
  }

  /** Call an action of CamGuard and return its answer; rejects with Refused. */
  async act<T>(action: string, data: Record<string, unknown>, shape: Shape<T>): Promise<T> {
    const answer = await this.send({
      type: "call_service",
      domain: "camguard",
      service: action,
      service_data: data,
      return_response: true,
    });
    return shape((answer as { response: unknown }).response);
  }

  /** Send any message of Home Assistant's own; rejects with Refused. */
  async send(message: { type: string; [name: string]: unknown }): Promise<unknown> {
    try {
      return await this.transport().callWS(message);
    } catch (error) {
      throw asRefused(error);
    }
  }

  /**
   * Follow the news; they come again by themselves when the connection was lost. Returns what ends it.
   * `misread`: news came that this program can't read, those of another version.
   */
  async follow(take: (now: News) => void, misread: () => void): Promise<() => Promise<void>> {
    const read = (message: unknown): void => {
      let now: News;
      try {
        now = news(message);
      } catch {
        misread();
        return;
      }
      take(now);
    };
    return this.transport().connection.subscribeMessage(read, { type: "camguard/subscribe" });
  }
}

/** Make one kind of error of what Home Assistant's connection rejects with (an object, a number, an Error). */
export function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error;
  if (typeof error === "object" && error !== null) {
    const { code, message, translation_key, translation_domain, translation_placeholders } = error as Record<
      string,
      unknown
    >;
    const ours = translation_domain === "camguard" && typeof translation_key === "string";
    const key = ours ? translation_key : typeof code === "string" ? code : "";
    const placeholders = Object.fromEntries(
      Object.entries((translation_placeholders as Record<string, unknown> | undefined) ?? {}).map(([name, value]) => [
        name,
        String(value),
      ]),
    );
    return new Refused(key, typeof message === "string" ? message : "", placeholders);
  }
  // The connection's own numbers: 3 is "connection lost" (home-assistant-js-websocket).
  return new Refused(error === 3 ? "connection_lost" : "", "");
}
