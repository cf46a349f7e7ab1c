import { buffer } from "node:stream/consumers";
import { constantFrom, record, asyncProperty, array, assert, option } from "fast-check";
import { describe, expect, test } from "vitest";
import { openBody } from "../../kernel/joined-body.ts";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { sampled } from "../../testing/property-runs.ts";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { VERSIONS_MAX } from "./model.ts";
import { terraformStates } from "./service.ts";

const STATE = "shop/production";
const ada = { id: "lock-1", operation: "OperationTypeApply", who: "ada@desk", created: "2030-01-01T00:00:00Z" };
const bob = { id: "lock-2" };

function keeper() {
  const blobs = memoryBlobStore();
  const { call, calls, clock } = serviceUnderTest(terraformStates, [], { blobs });
  const put = (body: string | Buffer, input: { state?: string; lockId?: string; md5?: string } = {}) =>
    call("putState", { state: STATE, ...input }, { body: Buffer.from(body) });
  const read = async (number?: number, state = STATE) => {
    const { body } = await call("getState", { state, ...(number !== undefined && { number }) });
    return body === undefined ? "" : (await buffer(openBody(calls.blobs, body))).toString();
  };
  return { call, clock, put, read };
}

describe("a state", () => {
  test("is not there before it is written, and then is given back byte by byte", async () => {
    const { call, clock, put, read } = keeper();
    await expect(call("getState", { state: STATE })).rejects.toMatchObject({ code: "StateNotFound" });
    const text = ' {"serial": 12345678901234567890,\r\n "x":1.0}\n';
    expect(await put(text)).toEqual({
      number: 1,
      sizeBytes: 45,
      md5: "02f996693f168dbd79bb12b041b4aa1f",
      writtenAtMs: clock.nowMs(),
    });
    expect(await read()).toBe(text);
  });

  test("that was damaged on its way is refused, and nothing is written", async () => {
    const { put, call } = keeper();
    await put("ab", { md5: "187ef4436122d1cc2f40dc2b92f0eba0" });
    await expect(put("ac", { md5: "187ef4436122d1cc2f40dc2b92f0eba0" })).rejects.toMatchObject({
      code: "DigestMismatch",
      message:
        "The state was damaged on its way: its MD5 is e2075474294983e013ee4dd2201c7a73, " +
        "and should be 187ef4436122d1cc2f40dc2b92f0eba0.",
    });
    expect((await call("listStateVersions", { state: STATE })).versions).toHaveLength(1);
  });

  test("belongs to an account, in every region", async () => {
    const { call, put } = keeper();
    await put("{}");
    expect((await call("getState", { state: STATE }, { region: "eu-west-1" })).number).toBe(1);
    await expect(call("getState", { state: STATE }, { account: "222222222222" })).rejects.toMatchObject({
      code: "StateNotFound",
    });
  });

  test("is deleted with its versions, and begins anew", async () => {
    const { call, put } = keeper();
    await put("one");
    await put("two");
    await call("deleteState", { state: STATE });
    await call("deleteState", { state: STATE });
    expect(await call("listStates", {})).toEqual({ states: [] });
    await expect(call("getState", { state: STATE, number: 1 })).rejects.toMatchObject({ code: "StateNotFound" });
    expect((await put("three")).number).toBe(1);
  });

  test("is listed by name, a page at a time, with its lock", async () => {
    const { call, put } = keeper();
    for (const state of ["c", "a", "b"]) await put("{}", { state });
    await call("lockState", { state: "a", lock: bob });
    const first = await call("listStates", { limit: 2 });
    expect(first.states.map(({ state, lock, newest }) => [state, lock, newest?.number])).toEqual([
      ["a", bob, 1],
      ["b", undefined, 1],
    ]);
    expect((await call("listStates", { after: "b" })).states.map(({ state }) => state)).toEqual(["c"]);
  });
});

describe("a lock", () => {
  test("lets only its holder write, and says who that is", async () => {
    const { call, put, read } = keeper();
    await call("lockState", { state: STATE, lock: ada });
    await expect(put("{}")).rejects.toMatchObject({
      code: "StateLocked",
      message: `State "${STATE}" is locked: lock-1 by ada@desk for OperationTypeApply.`,
      details: { lock: ada },
    });
    await expect(put("{}", { lockId: bob.id })).rejects.toMatchObject({ code: "StateLocked" });
    await expect(call("deleteState", { state: STATE })).rejects.toMatchObject({ code: "StateLocked" });
    expect((await put("mine", { lockId: ada.id })).writer).toEqual(ada);
    expect(await read()).toBe("mine");
  });

  test("is taken once, of a state that is not there yet too", async () => {
    const { call } = keeper();
    const taken = await Promise.allSettled([ada, bob].map((lock) => call("lockState", { state: STATE, lock })));
    expect(taken.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    // A client whose first answer was lost asks again.
    expect(await call("lockState", { state: STATE, lock: ada })).toEqual({ lock: ada });
    await expect(call("getState", { state: STATE })).rejects.toMatchObject({ code: "StateNotFound" });
  });

  test("is let go by its holder, or broken by anybody who names none", async () => {
    const { call } = keeper();
    await call("lockState", { state: STATE, lock: ada });
    await expect(call("unlockState", { state: STATE, lockId: bob.id })).rejects.toMatchObject({ code: "StateLocked" });
    expect(await call("unlockState", { state: STATE, lockId: ada.id })).toEqual({});
    expect(await call("listStates", {})).toEqual({ states: [] });
    await call("lockState", { state: STATE, lock: bob });
    expect(await call("unlockState", { state: STATE })).toEqual({ broken: bob });
    expect(await call("unlockState", { state: STATE })).toEqual({});
  });

  test("that was broken lets nobody write: another may have written since", async () => {
    const { call, put } = keeper();
    await call("lockState", { state: STATE, lock: ada });
    await call("unlockState", { state: STATE });
    await expect(put("{}", { lockId: ada.id })).rejects.toMatchObject({
      code: "LockNotHeld",
      message: `Lock lock-1 does not hold state "${STATE}" any more: somebody has broken it.`,
    });
  });
});

describe("versions", () => {
  test("are listed newest first; one that is brought back is a new version", async () => {
    const { call, put, read } = keeper();
    await put("one");
    await put("two");
    expect((await call("rollbackState", { state: STATE, number: 1 })).restoredFrom).toBe(1);
    const { versions } = await call("listStateVersions", { state: STATE });
    expect(versions.map(({ number, restoredFrom }) => [number, restoredFrom])).toEqual([
      [3, 1],
      [2, undefined],
      [1, undefined],
    ]);
    expect([await read(), await read(2), await read(1)]).toEqual(["one", "two", "one"]);
    await expect(call("rollbackState", { state: STATE, number: 9 })).rejects.toMatchObject({
      code: "VersionNotFound",
    });
    await call("lockState", { state: STATE, lock: ada });
    await expect(call("rollbackState", { state: STATE, number: 1 })).rejects.toMatchObject({ code: "StateLocked" });
  });

  test(`are kept up to ${VERSIONS_MAX}`, async () => {
    const { call, put, read } = keeper();
    for (let number = 1; number <= VERSIONS_MAX + 1; number++) await put(`content ${number}`);
    const { versions } = await call("listStateVersions", { state: STATE });
    expect([versions.length, versions.at(0)?.number, versions.at(-1)?.number]).toEqual([
      VERSIONS_MAX,
      VERSIONS_MAX + 1,
      2,
    ]);
    await expect(read(1)).rejects.toMatchObject({ code: "VersionNotFound" });
    expect(await read(2)).toBe("content 2");
  });
});

test("in whatever order things happen, only its holder writes a state, or anybody while it is free", async () => {
  const ids = ["one", "two"] as const;
  const step = record({ does: constantFrom("lock", "unlock", "break", "put"), id: option(constantFrom(...ids)) });
  await assert(
    asyncProperty(array(step, { maxLength: 30 }), async (steps) => {
      const { call, put } = keeper();
      let holder: string | undefined;
      let written = 0;
      for (const { does, id } of steps) {
        const lockId = id ?? undefined;
        const given = lockId === undefined ? {} : { lockId };
        if (does === "lock") {
          const isTaken = holder !== undefined && holder !== (lockId ?? "one");
          const taking = call("lockState", { state: STATE, lock: { id: lockId ?? "one" } });
          expect((await Promise.allSettled([taking]))[0]?.status).toBe(isTaken ? "rejected" : "fulfilled");
          if (!isTaken) holder = lockId ?? "one";
        } else if (does === "put") {
          const mayWrite = holder === lockId;
          expect((await Promise.allSettled([put("x", given)]))[0]?.status).toBe(mayWrite ? "fulfilled" : "rejected");
          if (mayWrite) written += 1;
        } else {
          const isRefused = does === "unlock" && holder !== undefined && lockId !== undefined && holder !== lockId;
          const letting = call("unlockState", { state: STATE, ...(does === "unlock" && given) });
          expect((await Promise.allSettled([letting]))[0]?.status).toBe(isRefused ? "rejected" : "fulfilled");
          if (!isRefused) holder = undefined;
        }
      }
      const { states } = await call("listStates", {});
      expect([states[0]?.newest?.number ?? 0, states[0]?.lock?.id]).toEqual([written, holder]);
    }),
    sampled(100, 20_300_101),
  );
});
