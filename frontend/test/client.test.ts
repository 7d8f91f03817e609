import { expect, it, vi } from "vitest";
import { asRefused, Client, Refused, type Transport } from "../src/api/client";
import { object, text } from "../src/api/shape";
import golden from "./golden.json";

const SHAPE = object({ a: text });

function transport(answer: () => Promise<unknown>): Transport & { sent: unknown[] } {
  const sent: unknown[] = [];
  return {
    sent,
    callWS: (message) => {
      sent.push(message);
      return answer();
    },
    connection: {
      subscribeMessage: (callback, message) => {
        sent.push(message);
        callback(golden.subscribe);
        callback({ version: "9.9.9" });
        return Promise.resolve(() => Promise.resolve());
      },
    },
  };
}

it("calls commands and actions", async () => {
  const wire = transport(() => Promise.resolve({ a: "x", response: { a: "y" } }));
  const client = new Client(() => wire);
  expect(await client.call("clips/list", { limit: 1 }, SHAPE)).toEqual({ a: "x" });
  expect(await client.act("hold", { reason: "r" }, SHAPE)).toEqual({ a: "y" });
  expect(wire.sent).toEqual([
    { type: "camguard/clips/list", limit: 1 },
    { type: "call_service", domain: "camguard", service: "hold", service_data: { reason: "r" }, return_response: true },
  ]);
});

it("follows the news", async () => {
  const take = vi.fn();
  const misread = vi.fn();
  const end = await new Client(() => transport(() => Promise.resolve())).follow(take, misread);
  expect(take).toHaveBeenCalledOnce();
  expect(misread).toHaveBeenCalledOnce();
  await end();
});

it("makes one kind of error of all", async () => {
  const ours = { code: "unauthorized", message: "m", translation_domain: "camguard", translation_key: "k", translation_placeholders: { n: 3 } };
  const client = new Client(() => transport(() => Promise.reject(Object.assign(new Error(), ours))));
  await expect(client.call("x", {}, SHAPE)).rejects.toMatchObject({ key: "k", message: "m", placeholders: { n: "3" } });
  expect(asRefused({ code: "not_found", message: 1 })).toMatchObject({ key: "not_found", message: "" });
  expect(asRefused({ code: 5 }).key).toBe("");
  expect(asRefused(3).key).toBe("connection_lost");
  expect(asRefused(null).key).toBe("");
  const refused = new Refused("a", "b");
  expect(asRefused(refused)).toBe(refused);
});
