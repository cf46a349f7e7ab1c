import { expect, test } from "vitest";
import { createGuests } from "./guests.ts";

test("nobody is gone before the last guest has left, those too who came while others were waited for", async () => {
  const guests = createGuests();
  const [first, second] = [new AbortController(), new AbortController()];
  const seen: string[] = [];
  const stays = [guests.stay(first.signal)];
  const gone = guests.gone().then(() => seen.push("gone"));
  stays.push(guests.stay(second.signal));
  first.abort();
  await stays[0];
  expect([guests.count(), seen]).toEqual([1, []]);
  second.abort();
  await Promise.all([...stays, gone]);
  expect([guests.count(), seen]).toEqual([0, ["gone"]]);
});

test("whoever has left already does not stay", async () => {
  const guests = createGuests();
  await guests.stay(AbortSignal.abort());
  expect(guests.count()).toBe(0);
  await guests.gone();
});
