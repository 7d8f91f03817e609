import { expect, it } from "vitest";
import * as messages from "../src/api/messages";
import type { Shape } from "../src/api/shape";
import golden from "./golden.json";

const SHAPES: Record<keyof typeof golden, Shape<unknown>> = {
  subscribe: messages.news,
  "clips/list": messages.clipPage,
  "clips/days": messages.dayList,
  "clips/get": messages.wholeClip,
  timeline: messages.timeline,
  "zones/get": messages.zoneSet,
  "zones/reveal": messages.picture,
  "zones/preview": messages.preview,
  "zones/save": messages.saved,
  "motion/get": messages.motionSet,
  "motion/look": messages.sight,
  "motion/save": messages.nothing,
  "cameras/candidates": messages.candidates,
  "cameras/add": messages.added,
  "disclosures/preview": messages.planned,
  "disclosures/fetch": messages.fetched,
  "wipe/preview": messages.wipePreview,
  "ledger/list": messages.ledgerPage,
  "ledger/export": messages.link,
  overview: messages.overview,
  sites: messages.sites,
  "sites/summary": messages.summary,
  summary: messages.summary,
  "registers/overview": messages.registers,
  "registers/list": messages.recordPage,
  "registers/get": messages.wholeRecord,
  "registers/save": messages.wholeRecord,
  "registers/erase": messages.nothing,
  "registers/export": messages.link,
  "registers/kit": messages.kit,
  "duties/check": messages.checked,
  "papers/sign": messages.link,
  "papers/letter": messages.link,
  "papers/make": messages.documentLinks,
  "papers/document": messages.documentLinks,
};

it.each(Object.keys(SHAPES) as (keyof typeof golden)[])("reads what the server answers to %s", (name) => {
  expect(SHAPES[name](golden[name])).toBeTruthy();
});
