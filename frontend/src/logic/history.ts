/** Undo and redo of one value that is never changed in place. */
export class History<T> {
  private readonly past: T[] = [];
  private future: T[] = [];
  /** What the last step was part of: steps of one gesture are undone together. */
  private gesture: unknown = null;

  constructor(
    private value: T,
    private readonly most = 200,
  ) {}

  get present(): T {
    return this.value;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** Take a step. Steps with the same `gesture` (not null) are one. */
  push(value: T, gesture: unknown = null): void {
    if (value === this.value) return;
    if (gesture === null || gesture !== this.gesture) {
      this.past.push(this.value);
      if (this.past.length > this.most) this.past.shift();
    }
    this.gesture = gesture;
    this.future = [];
    this.value = value;
  }

  undo(): void {
    const before = this.past.pop();
    if (before === undefined) return;
    this.future.push(this.value);
    this.value = before;
    this.gesture = null;
  }

  redo(): void {
    const after = this.future.pop();
    if (after === undefined) return;
    this.past.push(this.value);
    this.value = after;
    this.gesture = null;
  }
}
