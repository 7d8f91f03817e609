/** The messages of `camguard/…` (docs/ref/websocket.md). Times: UTC epoch seconds; sizes: bytes. */
import { anything, flag, list, mapOf, number, object, oneOf, orNull, text, type Shaped } from "./shape";

const lastClip = object({ clip_id: text, start: number, end: number });

const camera = object({
  camera_id: text,
  name: text,
  place: text,
  entity_id: orNull(text),
  state: text,
  reason: text,
  detail: mapOf(text),
  last_clip: orNull(lastClip),
  armed: flag,
  switch: orNull(text),
  private: flag,
  view: text,
  privacy_switch: orNull(text),
  zones: number,
  mode: text,
  clips: number,
});

const site = object({
  fault: text,
  time_zone: text,
  purpose: text,
  retention_days: orNull(number),
  overdue: orNull(number),
  altered: orNull(number),
  verifying: orNull(number),
  verified: orNull(number),
  problems: orNull(number),
  wiping: orNull(number),
});

const download = object({
  disclosure_id: text,
  size: number,
  sent: orNull(number),
  fetched: flag,
  seconds_left: number,
});

export const news = object({
  version: text,
  clips: number,
  duties: number,
  running: flag,
  role: oneOf("administrator", "viewer", "none"),
  cameras: list(camera),
  site: orNull(site),
  downloads: list(download),
});

const trigger = object({ kind: text, entity_id: orNull(text), reason: orNull(text) });

const clipFields = {
  clip_id: text,
  camera_id: text,
  start: number,
  end: number,
  size: number,
  trigger,
  hold: orNull(object({ until: number, reason: orNull(text) })),
  expires: orNull(number),
  recovered: flag,
  has_audio: flag,
  clock_error: number,
  thumbnail: text,
};
const clip = object(clipFields);
const zone = object({ name: text, points: text });

export const clipPage = object({ clips: list(clip), total: number });
export const dayList = object({ days: list(object({ start: number, clips: number })) });
export const wholeClip = object({
  clip: object({
    ...clipFields,
    link: text,
    sha256: text,
    width: number,
    height: number,
    frames: number,
    camera_name: text,
    place: text,
    purpose: text,
    operator: text,
    zones: list(zone),
    frame_rate_lowered: flag,
    adaptive: flag,
    encoder: text,
    sound: text,
    end_reason: text,
    older: orNull(text),
    newer: orNull(text),
  }),
});

const span = object({
  clip_id: text,
  camera_id: text,
  start: number,
  end: number,
  held: flag,
  expires: orNull(number),
});
const gap = object({ camera_id: text, start: number, end: orNull(number), cause: text });
export const timeline = object({ clips: list(span), gaps: list(gap), shown: number, total: number });

export const zoneSet = object({
  name: text,
  zones: list(zone),
  revision: text,
  reference: orNull(list(number)),
  size: orNull(list(number)),
  max_points: number,
  max_zones: number,
});
export const motionSet = object({
  name: text,
  mode: text,
  enabled: flag,
  triggers: flag,
  sensitivity: number,
  least_height: number,
  leave_out: list(zone),
  max_points: number,
  max_zones: number,
});
export const sight = object({ image: text, width: number, height: number, things: number, tallest: number });
export const nothing = object({});
export const picture = object({ image: text, width: number, height: number });
export const preview = object({ image: text, width: number, height: number, covered: number });
export const saved = object({ revision: text });
export const candidates = object({
  sources: list(object({ entity_id: text, name: text })),
  trigger_domains: list(text),
});
export const added = object({ camera_id: text });

export const planned = object({
  parts: list(
    object({
      clip_id: text,
      camera_id: text,
      clip_start: number,
      clip_end: number,
      start: number,
      end: number,
      whole: flag,
      size: number,
    }),
  ),
});
export const fetched = object({
  disclosure_id: text,
  form: text,
  password: orNull(text),
  size: number,
  seconds_left: number,
  bundle: text,
  receipt: text,
});
export const wipePreview = object({
  clips: number,
  size: number,
  held: number,
  oldest: orNull(number),
  newest: orNull(number),
});

const entry = object({
  seq: number,
  time: number,
  event: text,
  head: text,
  signed: flag,
  body: orNull(mapOf(anything)),
});
export const ledgerPage = object({ entries: list(entry), more: flag, total: number, head: text });
export const link = object({ link: text });

const duty = object({
  what: text,
  clause: text,
  due: orNull(text),
  late: flag,
  record_id: text,
  number: text,
  subject: text,
});
const record = {
  record_id: text,
  kind: text,
  number: text,
  revision: number,
  title: text,
  created: number,
  changed: number,
  closed_on: orNull(text),
  attached: flag,
  duty: orNull(duty),
};
const field = object({ name: text, type: text, required: flag, choices: list(text) });
export const registers = object({
  today: text,
  kinds: list(
    object({ kind: text, total: number, open: number, late: number, pictured: flag, fields: list(field) }),
  ),
  duties: list(duty),
  users: list(object({ user_id: text, name: text, administrator: flag })),
  unreadable: list(object({ record_id: text, kind: text, number: text, reason: text })),
  not_in_kit: number,
  checked: orNull(number),
  line_max: number,
  text_max: number,
});
export const recordPage = object({ records: list(object(record)), total: number });
export const wholeRecord = object({ ...record, fields: mapOf(anything), picture: text, letters: list(text) });
export const kit = object({ code: text, clips: number, records: number, left_out: number });
export const checked = object({ met: number, total: number });
export const documentLinks = object({ html: text, json: text, sig: text, pem: text });

export const sites = object({ sites: list(object({ site_id: text, name: text, url: text })) });

export const summary = object({
  version: number,
  cameras: list(object({ name: text, state: text })),
  duties: object({ open: number, late: number }),
  gaps: object({ count: number, latest: list(object({ camera: text, start: number, end: orNull(number) })) }),
  storage: object({ used: number, free: orNull(number), total: orNull(number), fault: text }),
  copies_waiting: number,
});

export const overview = object({
  checklist: list(
    object({ clause: text, state: oneOf("met", "open"), facts: mapOf(anything), duties: list(duty) }),
  ),
  days: list(object({ start: number, clips: number, size: number, held: number })),
  retention_days: number,
  storage: object({
    path: text,
    used: number,
    fault: text,
    min_free: number,
    free: orNull(number),
    total: orNull(number),
    per_day: orNull(number),
  }),
  copies: list(
    object({
      destination_id: text,
      title: text,
      kind: text,
      place: text,
      fault: text,
      copied: orNull(number),
      waiting: number,
      size_bytes: number,
      refused: number,
      last_us: orNull(number),
      escrow_hours: number,
      escrow_us: orNull(number),
      escrow_clips: number,
      bringing: orNull(object({ count: number, done: number, missing: number, fault: text, ended: flag })),
    }),
  ),
  hosts: list(
    object({
      host_id: text,
      title: text,
      kind: text,
      place: text,
      fault: text,
      detail: text,
      well: flag,
      cameras: number,
      cores: number,
      idle_cores: number,
      free_bytes: number,
      python: text,
      av: text,
    }),
  ),
  keys: object({
    split: orNull(flag),
    root_path: text,
    kit_missing: flag,
    kits: number,
    held: number,
    holds_due: number,
    records: number,
    records_not_in_kit: number,
    records_locked: number,
  }),
  exposure: list(
    object({
      camera_id: text,
      name: text,
      entity_id: text,
      people: list(text),
      dashboards: list(text),
      assistants: list(text),
      automations: list(text),
      integrations: list(text),
    }),
  ),
});

export const exported = object({ disclosure_id: text });
export const wiped = object({
  certificate_id: text,
  certificate_link: text,
  wiped: number,
  skipped_held: number,
  failed: number,
});
export const verified = object({
  ok: flag,
  entries: number,
  head: text,
  clips_checked: number,
  problems: list(object({ problem: text, message: text, seq: number, clip_id: text, detail: text })),
});

export type News = Shaped<typeof news>;
export type Camera = Shaped<typeof camera>;
export type Clip = Shaped<typeof clip>;
export type WholeClip = Shaped<typeof wholeClip>["clip"];
export type Timeline = Shaped<typeof timeline>;
export type Span = Shaped<typeof span>;
export type Gap = Shaped<typeof gap>;
export type ZoneSet = Shaped<typeof zoneSet>;
export type MotionSet = Shaped<typeof motionSet>;
export type Sight = Shaped<typeof sight>;
export type Picture = Shaped<typeof picture>;
export type Preview = Shaped<typeof preview>;
export type Planned = Shaped<typeof planned>["parts"][number];
export type Fetched = Shaped<typeof fetched>;
export type WipePreview = Shaped<typeof wipePreview>;
export type Wiped = Shaped<typeof wiped>;
export type Entry = Shaped<typeof entry>;
export type Registers = Shaped<typeof registers>;
export type Register = Registers["kinds"][number];
export type RecordField = Register["fields"][number];
export type RecordRow = Shaped<typeof recordPage>["records"][number];
export type WholeRecord = Shaped<typeof wholeRecord>;
export type DocumentLinks = Shaped<typeof documentLinks>;
export type Duty = Shaped<typeof duty>;
export type OtherSite = Shaped<typeof sites>["sites"][number];
export type Overview = Shaped<typeof overview>;
export type Summary = Shaped<typeof summary>;
export type Verified = Shaped<typeof verified>;
export type Role = News["role"];
