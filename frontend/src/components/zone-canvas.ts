import { css, html, svg, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { at, insertPoint, middle, moveAll, movePoint, rectangle, removePoint, type Point, type Zone } from "../logic/geometry";
import { pan, reveal, toPicture, type Viewport, WHOLE } from "../logic/viewport";
import { define } from "./define";
import { CgElement } from "./element";
import { styles } from "./styles";

export type Tool = "edit" | "corners" | "rectangle";

const HANDLE_PX = 7;
const HIT_PX = 22;
const LOUPE_ZOOM = 4;
const STEP_PX = 2;
const BIG_STEP_PX = 16;
/** A touch that moves less is a tap. */
const TAP_PX = 6;

type Gesture =
  | { kind: "corner"; index: number; points: readonly Point[] }
  | { kind: "body"; from: Point; points: readonly Point[] }
  | { kind: "pan"; u: number; v: number; view: Viewport }
  | { kind: "rectangle"; from: Point };

/**
 * The picture with the zones on it. It changes nothing itself: it tells what is wanted (`points`: of the chosen zone,
 * with the gesture they belong to; `corner`: one of it was chosen; `drawn`: a new one; `choose`; `view`).
 */
export class CgZoneCanvas extends CgElement {
  @property() picture = "";
  @property({ type: Number }) width = 16;
  @property({ type: Number }) height = 9;
  @property({ type: Boolean }) blurred = false;
  @property({ attribute: false }) zones: readonly Zone[] = [];
  @property({ type: Number }) chosen = -1;
  @property() tool: Tool = "edit";
  @property({ attribute: false }) view: Viewport = WHOLE;
  /** Show what stays visible, rather than what is hidden. */
  @property({ type: Boolean }) opposite = false;
  @property({ type: Number }) most = 64;
  @query("svg") private readonly board!: SVGSVGElement;
  // Kept here and not in properties: a parent that draws anew would put them back in the middle of a gesture.
  @state() private draft: Point[] = [];
  @state() private box: Point[] | null = null;
  @state() private finger: Point | null = null;
  @state() private boardPx = 800;
  private gesture: Gesture | null = null;
  private down: { x: number; y: number } | null = null;
  private gestureId = 0;
  private readonly sized = new ResizeObserver(() => (this.boardPx = this.board.clientWidth || 800));

  static override styles = [
    styles,
    css`
      :host {
        display: block;
        position: relative;
      }
      .frame {
        position: relative;
        overflow: hidden;
        border-radius: 8px;
        background: #111;
      }
      svg.board {
        display: block;
        width: 100%;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
        cursor: crosshair;
      }
      svg.board[data-tool="edit"] {
        cursor: default;
      }
      .zone {
        fill: rgb(0 0 0 / 60%);
        stroke: #fff;
        vector-effect: non-scaling-stroke;
        stroke-width: 1.5px;
        cursor: pointer;
      }
      .zone.chosen {
        stroke: #ffca28;
        stroke-width: 2.5px;
        cursor: move;
      }
      .opposite .zone {
        fill: transparent;
      }
      .visible {
        fill: rgb(76 175 80 / 45%);
        pointer-events: none;
      }
      .draft {
        fill: rgb(255 202 40 / 30%);
        stroke: #ffca28;
        stroke-width: 2px;
        vector-effect: non-scaling-stroke;
        pointer-events: none;
      }
      .knob {
        fill: #fff;
        stroke: #222;
        stroke-width: 1.5px;
        vector-effect: non-scaling-stroke;
      }
      .mid {
        fill: #ffca28;
        opacity: 0.9;
      }
      .hit {
        fill: transparent;
        cursor: grab;
      }
      g:focus-visible {
        outline: none;
      }
      g:focus-visible .knob {
        stroke: #2196f3;
        stroke-width: 5px;
      }
      .loupe {
        position: absolute;
        top: 8px;
        width: 128px;
        height: 128px;
        border-radius: 50%;
        border: 2px solid #fff;
        box-shadow: 0 2px 12px rgb(0 0 0 / 60%);
        overflow: hidden;
        pointer-events: none;
        background: #000;
      }
      .loupe svg {
        width: 100%;
        height: 100%;
      }
      image.blurred {
        filter: blur(24px);
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sized.disconnect();
  }

  protected override firstUpdated(): void {
    this.sized.observe(this.board);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("tool")) this.cancelDraft();
  }

  /** Let go of what is half drawn. */
  cancelDraft(): boolean {
    const had = this.draft.length > 0 || this.box !== null;
    this.draft = [];
    this.box = null;
    return had;
  }

  /** Take back the last corner of what is half drawn; false when there is none. */
  undoCorner(): boolean {
    if (this.draft.length === 0) return false;
    this.draft = this.draft.slice(0, -1);
    return true;
  }

  /** Make a zone of the corners that are set. */
  finish(): void {
    if (this.draft.length >= 3) this.emit("drawn", this.draft);
    this.draft = [];
  }

  get corners(): number {
    return this.draft.length;
  }

  override render(): unknown {
    const { width, height } = this;
    const size = 1 / this.view.zoom;
    const box = `${this.view.x * width} ${this.view.y * height} ${size * width} ${size * height}`;
    const chosen = this.zones[this.chosen];
    return html`<div class="frame ${this.opposite ? "opposite" : ""}">
      <svg
        class="board"
        role="application"
        aria-label=${this.t("zones.board")}
        data-tool=${this.tool}
        viewBox=${box}
        style="aspect-ratio: ${width} / ${height}"
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onCancel}
        @dblclick=${() => this.finish()}
        @contextmenu=${(event: Event) => event.preventDefault()}
      >
        ${this.scene()} ${this.opposite ? svg`<path class="visible" fill-rule="evenodd" d=${this.complement()} />` : ""}
        ${this.draftShape()}
        ${chosen && this.tool === "edit" ? this.handles(chosen) : ""}
      </svg>
      ${this.finger ? this.loupe(this.finger) : ""}
    </div>`;
  }

  private scene(): unknown {
    return svg`<image
        class=${this.blurred ? "blurred" : ""}
        href=${this.picture}
        width=${this.width}
        height=${this.height}
        preserveAspectRatio="none"
      />
      ${this.zones.map(
        (zone, index) => svg`<polygon
          class="zone ${index === this.chosen ? "chosen" : ""}"
          data-zone=${index}
          points=${this.pixels(zone.points)}
        ><title>${zone.name}</title></polygon>`,
      )}`;
  }

  private draftShape(): unknown {
    const points = this.box ?? this.draft;
    if (points.length === 0) return "";
    return svg`<polygon class="draft" points=${this.pixels(points)} />
      ${this.draft.map(([x, y]) => svg`<circle class="knob" cx=${x * this.width} cy=${y * this.height} r=${this.px(HANDLE_PX)} />`)}`;
  }

  private handles(zone: Zone): unknown {
    const full = zone.points.length >= this.most;
    return svg`${
      full
        ? ""
        : zone.points.map((point, index) => {
            const [x, y] = middle(point, at(zone.points, index + 1));
            return svg`<g data-middle=${index}>
              <circle class="hit" cx=${x * this.width} cy=${y * this.height} r=${this.px(HIT_PX * 0.7)} />
              <circle class="knob mid" cx=${x * this.width} cy=${y * this.height} r=${this.px(HANDLE_PX * 0.65)} />
            </g>`;
          })
    }
    ${zone.points.map(
      ([x, y], index) => svg`<g
        tabindex="0"
        role="button"
        data-corner=${index}
        aria-label=${this.t("zones.corner", {
          number: index + 1,
          zone: zone.name,
          x: Math.round(x * 100),
          y: Math.round(y * 100),
        })}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, index)}
        @focus=${() => this.emit("corner", index)}
      >
        <circle class="hit" cx=${x * this.width} cy=${y * this.height} r=${this.px(HIT_PX)} />
        <circle class="knob" cx=${x * this.width} cy=${y * this.height} r=${this.px(HANDLE_PX)} />
      </g>`,
    )}`;
  }

  private loupe([x, y]: Point): unknown {
    const span = this.width / this.view.zoom / LOUPE_ZOOM / 2;
    const [cx, cy] = [x * this.width, y * this.height];
    const left = (x - this.view.x) * this.view.zoom > 0.5;
    return html`<div class="loupe" style=${left ? "left: 8px" : "right: 8px"}>
      <svg viewBox="${cx - span / 2} ${cy - span / 2} ${span} ${span}">
        ${this.scene()}
        ${svg`<path
          d="M${cx - span / 2} ${cy}h${span}M${cx} ${cy - span / 2}v${span}"
          stroke="#ffca28"
          vector-effect="non-scaling-stroke"
        />`}
      </svg>
    </div>`;
  }

  private complement(): string {
    const holes = this.zones.map(
      (zone) => `M${zone.points.map(([x, y]) => `${x * this.width} ${y * this.height}`).join("L")}Z`,
    );
    return `M0 0H${this.width}V${this.height}H0Z${holes.join("")}`;
  }

  private pixels(points: readonly Point[]): string {
    return points.map(([x, y]) => `${x * this.width},${y * this.height}`).join(" ");
  }

  /** Screen pixels in the picture's own. */
  private px(length: number): number {
    return (length * this.width) / this.view.zoom / this.boardPx;
  }

  private place(event: PointerEvent): Point {
    const box = this.board.getBoundingClientRect();
    return toPicture(this.view, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button > 0 || this.gesture) return;
    this.board.setPointerCapture(event.pointerId);
    this.down = { x: event.clientX, y: event.clientY };
    this.gestureId++;
    const target = (event.target as Element).closest<SVGElement>("[data-corner],[data-middle],[data-zone]");
    const place = this.place(event);
    const zone = this.zones[this.chosen];
    if (this.tool === "rectangle") {
      this.gesture = { kind: "rectangle", from: place };
    } else if (this.tool === "corners") {
      this.gesture = { kind: "pan", u: event.clientX, v: event.clientY, view: this.view };
    } else if (target?.dataset.corner !== undefined && zone) {
      target.focus();
      this.emit("corner", Number(target.dataset.corner));
      this.gesture = { kind: "corner", index: Number(target.dataset.corner), points: zone.points };
    } else if (target?.dataset.middle !== undefined && zone) {
      const index = Number(target.dataset.middle);
      const points = insertPoint(zone.points, index, place);
      this.gesture = { kind: "corner", index: index + 1, points };
      this.tell(points);
    } else if (target?.dataset.zone !== undefined) {
      const index = Number(target.dataset.zone);
      if (index !== this.chosen) this.emit("choose", index);
      this.gesture = { kind: "body", from: place, points: this.zones[index]?.points ?? [] };
    } else {
      this.gesture = { kind: "pan", u: event.clientX, v: event.clientY, view: this.view };
    }
  };

  private readonly onMove = (event: PointerEvent): void => {
    const gesture = this.gesture;
    if (!gesture || this.isTap(event)) return;
    const place = this.place(event);
    switch (gesture.kind) {
      case "corner":
        this.finger = event.pointerType === "mouse" ? null : place;
        this.tell(movePoint(gesture.points, gesture.index, place));
        break;
      case "body":
        this.tell(moveAll(gesture.points, place[0] - gesture.from[0], place[1] - gesture.from[1]));
        break;
      case "rectangle":
        this.finger = event.pointerType === "mouse" ? null : place;
        this.box = rectangle(gesture.from, place);
        break;
      case "pan": {
        const box = this.board.getBoundingClientRect();
        const dx = (gesture.u - event.clientX) / box.width / gesture.view.zoom;
        const dy = (gesture.v - event.clientY) / box.height / gesture.view.zoom;
        this.emit("view", pan(gesture.view, dx, dy));
      }
    }
  };

  private readonly onUp = (event: PointerEvent): void => {
    const gesture = this.gesture;
    this.onCancel();
    if (!gesture) return;
    if (gesture.kind === "rectangle" && !this.isTap(event)) {
      this.box = null;
      this.emit("drawn", rectangle(gesture.from, this.place(event)));
    } else if (this.tool === "corners" && this.isTap(event)) {
      this.addCorner(this.place(event));
    } else if (gesture.kind === "pan" && this.isTap(event)) {
      this.emit("choose", -1);
    }
    this.down = null;
  };

  private readonly onCancel = (): void => {
    this.gesture = null;
    this.finger = null;
    this.box = null;
  };

  private addCorner(place: Point): void {
    const first = this.draft[0];
    const near = (a: Point, b: Point): boolean =>
      Math.hypot((a[0] - b[0]) * this.width, (a[1] - b[1]) * this.height) < this.px(HIT_PX * 0.8);
    if (first && this.draft.length >= 3 && near(first, place)) {
      this.finish();
    } else if (this.draft.length < this.most && !this.draft.some((point) => near(point, place))) {
      this.draft = [...this.draft, [Math.min(Math.max(place[0], 0), 1), Math.min(Math.max(place[1], 0), 1)]];
      this.emit("drafted", this.draft.length);
    }
  }

  private isTap(event: PointerEvent): boolean {
    return this.down !== null && Math.hypot(event.clientX - this.down.x, event.clientY - this.down.y) < TAP_PX;
  }

  private onKey(event: KeyboardEvent, index: number): void {
    const zone = this.zones[this.chosen];
    const corner = zone?.points[index];
    if (!zone || !corner) return;
    const step = this.px(event.shiftKey ? BIG_STEP_PX : STEP_PX);
    const moves: Record<string, Point> = {
      ArrowLeft: [-step / this.width, 0],
      ArrowRight: [step / this.width, 0],
      ArrowUp: [0, -step / this.height],
      ArrowDown: [0, step / this.height],
    };
    const move = moves[event.key];
    if (move) {
      const to: Point = [corner[0] + move[0], corner[1] + move[1]];
      this.emit("points", { points: movePoint(zone.points, index, to), gesture: `key${index}` });
      this.emit("view", reveal(this.view, to));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.emit("points", { points: removePoint(zone.points, index), gesture: null });
    } else if (event.key === "Insert" && zone.points.length < this.most) {
      const between = middle(corner, at(zone.points, index + 1));
      this.emit("points", { points: insertPoint(zone.points, index, between), gesture: null });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private tell(points: readonly Point[]): void {
    this.emit("points", { points, gesture: this.gestureId });
  }
}

define("cg-zone-canvas", CgZoneCanvas);
