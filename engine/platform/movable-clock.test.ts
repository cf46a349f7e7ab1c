import { expect, test } from "vitest";
import { manualClock } from "./clock.ts";
import { movableClock } from "./movable-clock.ts";

const START_MS = Date.parse("2030-01-01T00:00:00Z");

test("a movable clock runs with the clock below it, ahead by what it was moved", () => {
  const base = manualClock();
  const clock = movableClock(base);
  base.advanceMs(5);
  expect(clock.nowMs()).toBe(START_MS + 5);
  clock.advanceMs(1000);
  base.advanceMs(5);
  expect(clock.nowMs()).toBe(START_MS + 1010);
});

test("alarms ring at their time, in order, whichever way it comes", () => {
  const base = manualClock();
  const clock = movableClock(base);
  const rung: [string, number][] = [];
  const alarm = (name: string, inMs: number) =>
    clock.wakeAt(START_MS + inMs, () => rung.push([name, clock.nowMs() - START_MS]));
  alarm("last", 4000);
  alarm("second", 2000);
  alarm("first", 1000);
  alarm("cancelled", 1500)();
  clock.advanceSeconds(3);
  expect(rung).toEqual([
    ["first", 1000],
    ["second", 2000],
  ]);
  base.advanceMs(1000);
  expect(rung.at(-1)).toEqual(["last", 4000]);
  base.advanceSeconds(10);
  expect(rung).toHaveLength(3);
});

test("an alarm that sets another one on the way has that rung, too", () => {
  const clock = movableClock(manualClock());
  const rung: number[] = [];
  const everySecond = (atMs: number) =>
    void clock.wakeAt(atMs, () => {
      rung.push(atMs - START_MS);
      everySecond(atMs + 1000);
    });
  everySecond(START_MS + 1000);
  clock.advanceMs(3500);
  expect(rung).toEqual([1000, 2000, 3000]);
});
