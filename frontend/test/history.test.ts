import { expect, it } from "vitest";
import { History } from "../src/logic/history";

it("undoes and redoes", () => {
  const history = new History(1);
  expect([history.canUndo, history.canRedo]).toEqual([false, false]);
  history.push(2);
  history.push(3);
  history.undo();
  expect(history.present).toBe(2);
  history.redo();
  expect(history.present).toBe(3);
  history.undo();
  history.push(9);
  expect(history.canRedo).toBe(false);
});

it("takes one gesture for one step", () => {
  const history = new History(0);
  for (const value of [1, 2, 3]) history.push(value, "drag");
  history.push(4, "another");
  history.undo();
  expect(history.present).toBe(3);
  history.undo();
  expect(history.present).toBe(0);
});

it("has nothing to undo at its ends, and forgets what is too old", () => {
  const history = new History(0, 2);
  history.undo();
  history.redo();
  history.push(0);
  expect(history.canUndo).toBe(false);
  for (const value of [1, 2, 3]) history.push(value);
  history.undo();
  history.undo();
  history.undo();
  expect(history.present).toBe(1);
});
