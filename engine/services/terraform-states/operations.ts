import { Type, type Static } from "typebox";
import { linkBody, unlinkBody } from "../../kernel/blob-links.ts";
import type { StoredBody } from "../../kernel/blobs.ts";
import { md5Digester } from "../../kernel/checksums.ts";
import type { Reader, Transaction } from "../../kernel/store.ts";
import { invariant } from "../../platform/invariant.ts";
import type { OperationContext } from "../context.ts";
import { operation } from "../operation.ts";
import { errors } from "./errors.ts";
import {
  PAGE_MAX,
  STATE_BYTES_MAX,
  states,
  VERSIONS_MAX,
  versions,
  versionSpace,
  type Lock,
  type State,
  type StateVersion,
} from "./model.ts";

const text = Type.Optional(Type.String());
const lock = Type.Object({
  id: Type.String({ minLength: 1 }),
  operation: text,
  info: text,
  who: text,
  toolVersion: text,
  created: text,
  path: text,
});
const named = {
  state: Type.String({
    minLength: 1,
    description: "A name of one's own, e.g. `shop/production`: one for each state and workspace.",
  }),
};
const lockId = Type.Optional(Type.String({ description: "The lock that the caller holds." }));
const number = Type.Integer({ minimum: 1 });
const versionFacts = {
  number,
  sizeBytes: Type.Number(),
  md5: Type.String({ description: "Lower-case hexadecimal." }),
  writtenAtMs: Type.Number(),
  writer: Type.Optional(lock),
  restoredFrom: Type.Optional(number),
};
const listedState = Type.Object({
  ...named,
  lock: Type.Optional(lock),
  newest: Type.Optional(Type.Object(versionFacts)),
});

const md5Of = ({ digests }: StoredBody): string => digests["md5"] ?? "";

function factsOf({ number: ownNumber, body, writtenAtMs, writer, restoredFrom }: StateVersion) {
  const { sizeBytes } = body;
  return {
    number: ownNumber,
    sizeBytes,
    md5: md5Of(body),
    writtenAtMs,
    ...(writer && { writer }),
    ...(restoredFrom !== undefined && { restoredFrom }),
  };
}

/** The lock that a caller may write under; none when nobody holds the state. */
function checkLock(state: State | undefined, name: string, id: string | undefined): Lock | undefined {
  const held = state?.lock;
  if (held && held.id !== id) throw errors.StateLocked({ state: name, lock: held });
  if (!held && id !== undefined) throw errors.LockNotHeld({ state: name, lockId: id });
  return held;
}

async function findVersion(
  tx: Reader,
  ctx: OperationContext,
  input: { readonly state: string; readonly number?: number },
): Promise<StateVersion> {
  const state = await states.get(tx, ctx.account, input.state);
  if (!state || state.newest === 0) throw errors.StateNotFound({ state: input.state });
  const found = await versions.get(tx, ctx.account, input.state, input.number ?? state.newest);
  if (!found) throw errors.VersionNotFound({ state: input.state, number: input.number ?? state.newest });
  return found;
}

/** Adds a version behind the newest, and drops the one that is too old now. */
async function addVersion(
  tx: Transaction,
  ctx: OperationContext,
  state: State,
  content: Pick<StateVersion, "body" | "writer" | "restoredFrom">,
): Promise<StateVersion> {
  const { account } = ctx;
  const newest = state.newest + 1;
  const added: StateVersion = { version: 1, number: newest, writtenAtMs: ctx.clock.nowMs(), ...content };
  states.put(tx, { ...state, newest }, account, state.name);
  versions.put(tx, added, account, state.name, newest);
  linkBody(tx, content.body, versionSpace.key(account, state.name, newest));
  const old = await versions.get(tx, account, state.name, newest - VERSIONS_MAX);
  if (old) dropVersion(tx, account, state.name, old);
  return added;
}

function dropVersion(tx: Transaction, account: string, name: string, old: StateVersion): void {
  versions.remove(tx, account, name, old.number);
  unlinkBody(tx, old.body, versionSpace.key(account, name, old.number));
}

const newState = (name: string): State => ({ version: 1, name, newest: 0 });

const contents = {
  getState: operation({
    summary: "Gives a state's content, the newest or an earlier version's, byte by byte as it was written.",
    input: Type.Object({ ...named, number: Type.Optional(number) }),
    output: Type.Object(versionFacts),
    effects: "read",
    errors: ["StateNotFound", "VersionNotFound"],
    body: "out",
    async run(tx, input, ctx) {
      const found = await findVersion(tx, ctx, input);
      return { ...factsOf(found), body: found.body };
    },
  }),
  putState: operation({
    summary: "Writes a new version of a state; while it is locked, only under that lock.",
    input: Type.Object({
      ...named,
      lockId,
      md5: Type.Optional(Type.String({ description: "What the content's MD5 must be, lower-case hexadecimal." })),
    }),
    output: Type.Object(versionFacts),
    effects: "write",
    errors: ["StateLocked", "LockNotHeld", "StateTooLarge", "DigestMismatch"],
    body: "in",
    digests: () => ({ md5: md5Digester() }),
    async run(tx, input, ctx) {
      const { body } = ctx;
      invariant(body !== undefined, "the body of putState was stored before its transaction");
      const { sizeBytes } = body;
      if (sizeBytes > STATE_BYTES_MAX) throw errors.StateTooLarge({ sizeBytes, limitBytes: STATE_BYTES_MAX });
      if (input.md5 !== undefined && input.md5 !== md5Of(body))
        throw errors.DigestMismatch({ wanted: input.md5, md5: md5Of(body) });
      const state = await states.get(tx, ctx.account, input.state);
      const writer = checkLock(state, input.state, input.lockId);
      return factsOf(await addVersion(tx, ctx, state ?? newState(input.state), { body, writer }));
    },
  }),
  rollbackState: operation({
    summary: "Writes an earlier version's content again, as the newest; not while somebody else holds the lock.",
    input: Type.Object({ ...named, number, lockId }),
    output: Type.Object(versionFacts),
    effects: "write",
    errors: ["StateNotFound", "VersionNotFound", "StateLocked", "LockNotHeld"],
    async run(tx, input, ctx) {
      const { body } = await findVersion(tx, ctx, input);
      const state = await states.get(tx, ctx.account, input.state);
      const writer = checkLock(state, input.state, input.lockId);
      const content = { body, writer, restoredFrom: input.number };
      return factsOf(await addVersion(tx, ctx, state ?? newState(input.state), content));
    },
  }),
  deleteState: operation({
    summary: "Deletes a state with all its versions; succeeds when there is none.",
    input: Type.Object({ ...named, lockId }),
    output: Type.Object({}),
    effects: "write",
    errors: ["StateLocked", "LockNotHeld"],
    async run(tx, input, ctx) {
      const state = await states.get(tx, ctx.account, input.state);
      if (!state) return {};
      checkLock(state, input.state, input.lockId);
      const all = versionSpace.range(ctx.account, input.state);
      for (const { value } of await versions.range(tx, all, { limit: VERSIONS_MAX }))
        dropVersion(tx, ctx.account, input.state, value);
      states.remove(tx, ctx.account, input.state);
      return {};
    },
  }),
};

const locks = {
  lockState: operation({
    summary: "Takes a state for one writer, before it is there too; again under the same id changes nothing.",
    input: Type.Object({ ...named, lock }),
    output: Type.Object({ lock }),
    effects: "write",
    errors: ["StateLocked"],
    async run(tx, input, ctx) {
      const state = (await states.get(tx, ctx.account, input.state)) ?? newState(input.state);
      if (state.lock?.id === input.lock.id) return { lock: state.lock };
      if (state.lock) throw errors.StateLocked({ state: input.state, lock: state.lock });
      states.put(tx, { ...state, lock: input.lock }, ctx.account, input.state);
      return { lock: input.lock };
    },
  }),
  unlockState: operation({
    summary: "Lets a state go: the lock that is named, or whoever holds it when none is. Succeeds when nobody does.",
    input: Type.Object({ ...named, lockId }),
    output: Type.Object({ broken: Type.Optional(lock) }),
    effects: "write",
    errors: ["StateLocked"],
    async run(tx, input, ctx) {
      const state = await states.get(tx, ctx.account, input.state);
      if (!state?.lock) return {};
      const { lock: held, ...free } = state;
      if (input.lockId !== undefined && input.lockId !== held.id)
        throw errors.StateLocked({ state: input.state, lock: held });
      // What only stood for its lock goes with it.
      if (state.newest === 0) states.remove(tx, ctx.account, input.state);
      else states.put(tx, free, ctx.account, input.state);
      return input.lockId === undefined ? { broken: held } : {};
    },
  }),
};

async function withNewest(tx: Reader, account: string, state: State) {
  const newest = await versions.get(tx, account, state.name, state.newest);
  return { state: state.name, ...(state.lock && { lock: state.lock }), ...(newest && { newest: factsOf(newest) }) };
}

const listings = {
  listStates: operation({
    summary: "The states of an account, by name, each with its lock and its newest version.",
    input: Type.Object({
      after: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_MAX })),
    }),
    output: Type.Object({ states: Type.Array(listedState) }),
    effects: "read",
    errors: [],
    async run(tx, { after, limit = PAGE_MAX }, ctx) {
      const found = await states.page(tx, [ctx.account], { ...(after !== undefined && { after }), limit });
      const listed: Static<typeof listedState>[] = [];
      for (const state of found) listed.push(await withNewest(tx, ctx.account, state));
      return { states: listed };
    },
  }),
  listStateVersions: operation({
    summary: "The versions of a state that are kept, the newest first.",
    input: Type.Object(named),
    output: Type.Object({ versions: Type.Array(Type.Object(versionFacts)), lock: Type.Optional(lock) }),
    effects: "read",
    errors: ["StateNotFound"],
    async run(tx, { state: name }, ctx) {
      const state = await states.get(tx, ctx.account, name);
      if (!state) throw errors.StateNotFound({ state: name });
      const range = versionSpace.range(ctx.account, name);
      const found = await versions.range(tx, range, { limit: VERSIONS_MAX, reverse: true });
      return { versions: found.map(({ value }) => factsOf(value)), ...(state.lock && { lock: state.lock }) };
    },
  }),
};

export const operations = { ...contents, ...locks, ...listings };
