import { isDeepStrictEqual } from "node:util";
import { Type } from "typebox";
import { after, textStartingWith } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import { isAccount, type OperationContext } from "../../context.ts";
import { Labels, withoutLabels } from "../../labels.ts";
import { operation } from "../../operation.ts";
import { grant, Permission, revoke } from "../../permissions.ts";
import { errors } from "../errors.ts";
import {
  changed,
  checkName,
  checkSettings,
  clearEverything,
  clearMessages,
  DEFAULT_SETTINGS,
  putQueue,
  Queue,
  QueueName,
  queueRecords,
  QueueReference,
  queueSpace,
  requireQueue,
  Settings,
  SettingsChange,
  sourceSpace,
} from "../model/queue.ts";
import { lineOf } from "../model/lines.ts";

const PURGE_EVERY_SECONDS = 60;
const PAGE_MAX = 1000;
const SETTING_ERRORS = [
  "SettingInvalid",
  "FifoOnly",
  "DeadLetterQueueInvalid",
  "EncryptionAmbiguous",
  "ThroughputLimitInvalid",
  "TooManySources",
] as const;
const LABELS_MAX = 50;
const LABEL_NAME_MAX = 128;
const LABEL_VALUE_MAX = 256;
const LABEL_ERRORS = ["TooManyLabels", "LabelInvalid"] as const;
const ACTIONS_MAX = 7;
/** What others may be let to do; everything else is the owner's. */
const SHARED_ACTIONS = new Set([
  "*",
  "SendMessage",
  "ReceiveMessage",
  "DeleteMessage",
  "ChangeMessageVisibility",
  "GetQueueAttributes",
  "GetQueueUrl",
  "ListDeadLetterSourceQueues",
  "PurgeQueue",
]);
const OWNERS_ACTIONS = new Set([
  "AddPermission",
  "CancelMessageMoveTask",
  "CreateQueue",
  "DeleteQueue",
  "ListMessageMoveTasks",
  "ListQueues",
  "ListQueueTags",
  "RemovePermission",
  "SetQueueAttributes",
  "StartMessageMoveTask",
  "TagQueue",
  "UntagQueue",
]);

export function checkLabels(queue: string, labels: Labels): void {
  if (Object.keys(labels).length > LABELS_MAX) throw errors.TooManyLabels({ queue, max: LABELS_MAX });
  for (const [name, value] of Object.entries(labels))
    if (name === "" || name.length > LABEL_NAME_MAX || value.length > LABEL_VALUE_MAX)
      throw errors.LabelInvalid({ name, nameMax: LABEL_NAME_MAX, valueMax: LABEL_VALUE_MAX });
}

function checkActions(actions: readonly string[]): void {
  if (actions.length > ACTIONS_MAX) throw errors.TooManyActions({ count: actions.length, max: ACTIONS_MAX });
  for (const action of actions) {
    if (OWNERS_ACTIONS.has(action)) throw errors.ActionOfOwner({ action });
    if (!SHARED_ACTIONS.has(action)) throw errors.ActionUnknown({ action });
  }
}

/** A dead-letter queue is of the same kind, in the same place, and takes letters from this queue. */
async function checkDeadLetterQueue(
  tx: Reader,
  source: Pick<Queue, "account" | "region" | "name" | "isFifo">,
  deadLetter: Settings["deadLetter"],
): Promise<void> {
  if (deadLetter === undefined) return;
  const { queue, maxReceiveCount } = deadLetter;
  const { account, region, name } = queue;
  const refuse = (reason: Parameters<typeof errors.DeadLetterQueueInvalid>[0]["reason"]) =>
    errors.DeadLetterQueueInvalid({ ...queue, maxReceiveCount, reason });
  if (account !== source.account) throw refuse("account");
  if (region !== source.region) throw refuse("region");
  const target = await queueRecords.get(tx, account, region, name);
  if (target === undefined) throw refuse("missing");
  if (target.isFifo !== source.isFifo) throw refuse("kind");
  if (!takesLettersFrom(target, source)) throw refuse("permission");
}

export function takesLettersFrom(target: Queue, source: QueueReference): boolean {
  const { permission = "all", queues = [] } = target.settings.deadLetterSources ?? {};
  if (permission !== "listed") return permission === "all";
  return queues.some(
    (one) => one.name === source.name && one.account === source.account && one.region === source.region,
  );
}

/** Keeps the list of a dead-letter queue's sources in step with a queue's setting. */
function noteSource(tx: Transaction, queue: Queue, before: Settings["deadLetter"], now: Settings["deadLetter"]): void {
  if (before) tx.delete(sourceSpace.key(queue.account, queue.region, before.queue.name, queue.name));
  if (now) tx.set(sourceSpace.key(queue.account, queue.region, now.queue.name, queue.name), true);
}

const CreateInput = Type.Object({
  queue: Type.String(),
  isFifo: Type.Optional(Type.Boolean()),
  settings: Type.Optional(SettingsChange),
  labels: Type.Optional(Labels),
});

export async function create(
  tx: Transaction,
  input: Type.Static<typeof CreateInput>,
  ctx: OperationContext,
): Promise<Queue> {
  const { queue: name, isFifo = false, settings: change = {}, labels = {} } = input;
  checkName(name, isFifo);
  checkSettings(change, isFifo);
  checkLabels(name, labels);
  const settings = changed(DEFAULT_SETTINGS, change);
  const existing = await queueRecords.get(tx, ctx.account, ctx.region, name);
  if (existing) {
    for (const setting of Object.keys(change) as (keyof Settings)[]) {
      if (!isDeepStrictEqual(existing.settings[setting], settings[setting]))
        throw errors.QueueExists({ queue: name, setting });
    }
    return existing;
  }
  const nowMs = ctx.clock.nowMs();
  const queue: Queue = {
    version: 1,
    id: ctx.ids.hex(16),
    account: ctx.account,
    region: ctx.region,
    name,
    isFifo,
    settings,
    labels,
    permissions: [],
    createdAtMs: nowMs,
    changedAtMs: nowMs,
  };
  await checkDeadLetterQueue(tx, queue, settings.deadLetter);
  putQueue(tx, queue);
  noteSource(tx, queue, undefined, settings.deadLetter);
  return queue;
}

export async function change(
  tx: Transaction,
  queue: Queue,
  settings: SettingsChange,
  ctx: OperationContext,
): Promise<Queue> {
  checkSettings(settings, queue.isFifo);
  const updated: Queue = {
    ...queue,
    settings: changed(queue.settings, settings),
    changedAtMs: ctx.clock.nowMs(),
    // A new policy replaces what was granted one by one.
    permissions: settings.policy === undefined ? queue.permissions : [],
  };
  if (settings.deadLetter) await checkDeadLetterQueue(tx, queue, settings.deadLetter);
  putQueue(tx, updated);
  noteSource(tx, queue, queue.settings.deadLetter, updated.settings.deadLetter);
  return updated;
}

export function remove(tx: Transaction, queue: Queue): void {
  queueRecords.remove(tx, queue.account, queue.region, queue.name);
  noteSource(tx, queue, queue.settings.deadLetter, undefined);
  clearEverything(tx, queue.id);
}

const tokenFor = (name: string) => Buffer.from(name).toString("base64url");

function nameFrom(token: string): string {
  const name = Buffer.from(token, "base64url").toString();
  if (name === "" || tokenFor(name) !== token) throw errors.TokenInvalid();
  return name;
}

/** One page of the queues whose names start so, and the token of the next. */
async function page(tx: Reader, ctx: OperationContext, prefix: string, limit: number, token?: string) {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
    throw errors.OutOfRange({ field: "limit", value: limit, min: 1, max: PAGE_MAX });
  const all = textStartingWith(["queues", "queue", ctx.account, ctx.region], prefix);
  const rest = token === undefined ? all : after(all, queueSpace.key(ctx.account, ctx.region, nameFrom(token)));
  const found = await queueRecords.range(tx, rest, { limit: limit + 1 });
  const queues = found.slice(0, limit).map((entry) => entry.value);
  const last = queues.at(-1);
  return { queues: queues.map(({ name }) => name), ...(found.length > limit && last && { next: tokenFor(last.name) }) };
}

const PageInput = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_MAX })),
  next: Type.Optional(Type.String()),
};
const Page = Type.Object({ queues: Type.Array(Type.String()), next: Type.Optional(Type.String()) });
const Nothing = Type.Object({});
const Counts = Type.Object({ visible: Type.Integer(), inFlight: Type.Integer(), delayed: Type.Integer() });

export const queueOperations = {
  createQueue: operation({
    summary: "Creates a queue; the same again is answered with the queue that exists.",
    input: CreateInput,
    output: Queue,
    effects: "write",
    errors: ["QueueNameInvalid", "QueueExists", ...LABEL_ERRORS, ...SETTING_ERRORS],
    run: (tx, input, ctx) => create(tx, input, ctx),
  }),
  getQueue: operation({
    summary: "A queue with its settings and labels.",
    input: Type.Object(QueueName),
    output: Queue,
    effects: "read",
    errors: ["QueueNotFound"],
    run: (tx, input, ctx) => requireQueue(tx, ctx, input),
  }),
  measureQueue: operation({
    summary: "A queue and how many messages it holds, by state.",
    input: Type.Object({
      ...QueueName,
      isCounted: Type.Optional(
        Type.Boolean({ default: true, description: "Counting takes longer the more messages there are." }),
      ),
    }),
    output: Type.Object({ queue: Queue, counts: Type.Optional(Counts) }),
    effects: "read",
    errors: ["QueueNotFound"],
    async run(tx, { isCounted = true, ...input }, ctx) {
      const queue = await requireQueue(tx, ctx, input);
      return isCounted ? { queue, counts: await lineOf(queue).count(tx, queue, ctx.clock.nowMs()) } : { queue };
    },
  }),
  listQueues: operation({
    summary: "The names of the queues, in order.",
    input: Type.Object({ prefix: Type.Optional(Type.String()), ...PageInput }),
    output: Page,
    effects: "read",
    errors: ["OutOfRange", "TokenInvalid"],
    run: (tx, { prefix = "", limit = PAGE_MAX, next }, ctx) => page(tx, ctx, prefix, limit, next),
  }),
  listDeadLetterSources: operation({
    summary: "The names of the queues whose dead letters come to this one.",
    input: Type.Object({ ...QueueName, ...PageInput }),
    output: Page,
    effects: "read",
    errors: ["QueueNotFound", "OutOfRange", "TokenInvalid"],
    async run(tx, { limit = PAGE_MAX, next, ...input }, ctx) {
      const { account, region, name } = await requireQueue(tx, ctx, input);
      if (limit < 1 || limit > PAGE_MAX)
        throw errors.OutOfRange({ field: "limit", value: limit, min: 1, max: PAGE_MAX });
      const all = sourceSpace.range(account, region, name);
      const rest = next === undefined ? all : after(all, sourceSpace.key(account, region, name, nameFrom(next)));
      const found = (await tx.range<true>(rest, { limit: limit + 1 })).map((entry) => sourceSpace.parts(entry.key)[3]);
      const queues = found.slice(0, limit);
      return { queues, ...(found.length > limit && { next: tokenFor(queues.at(-1) ?? "") }) };
    },
  }),
  updateQueue: operation({
    summary: "Changes settings of a queue; null takes one away.",
    input: Type.Object({ ...QueueName, settings: SettingsChange }),
    output: Queue,
    effects: "write",
    errors: ["QueueNotFound", ...SETTING_ERRORS],
    run: async (tx, input, ctx) => change(tx, await requireQueue(tx, ctx, input), input.settings, ctx),
  }),
  deleteQueue: operation({
    summary: "Deletes a queue with everything in it.",
    input: Type.Object(QueueName),
    output: Nothing,
    effects: "write",
    errors: ["QueueNotFound"],
    async run(tx, input, ctx) {
      remove(tx, await requireQueue(tx, ctx, input));
      return {};
    },
  }),
  purgeQueue: operation({
    summary: "Deletes every message of a queue.",
    input: Type.Object(QueueName),
    output: Nothing,
    effects: "write",
    errors: ["QueueNotFound", "PurgeTooSoon"],
    async run(tx, input, ctx) {
      const queue = await requireQueue(tx, ctx, input);
      const nowMs = ctx.clock.nowMs();
      if (queue.purgedAtMs !== undefined && nowMs - queue.purgedAtMs < PURGE_EVERY_SECONDS * 1000) {
        throw errors.PurgeTooSoon({ queue: queue.name, everySeconds: PURGE_EVERY_SECONDS });
      }
      clearMessages(tx, queue.id);
      putQueue(tx, { ...queue, purgedAtMs: nowMs });
      return {};
    },
  }),
  labelQueue: operation({
    summary: "Sets labels of a queue and leaves the others.",
    input: Type.Object({ ...QueueName, labels: Labels }),
    output: Nothing,
    effects: "write",
    errors: ["QueueNotFound", ...LABEL_ERRORS],
    async run(tx, input, ctx) {
      const queue = await requireQueue(tx, ctx, input);
      const labels = { ...queue.labels, ...input.labels };
      checkLabels(queue.name, labels);
      putQueue(tx, { ...queue, labels });
      return {};
    },
  }),
  unlabelQueue: operation({
    summary: "Takes labels away from a queue.",
    input: Type.Object({ ...QueueName, names: Type.Array(Type.String()) }),
    output: Nothing,
    effects: "write",
    errors: ["QueueNotFound"],
    async run(tx, input, ctx) {
      const queue = await requireQueue(tx, ctx, input);
      putQueue(tx, { ...queue, labels: withoutLabels(queue.labels, input.names) });
      return {};
    },
  }),
  grantPermission: operation({
    summary: "Lets other accounts use a queue; kept and shown, enforced when enforcement is switched on.",
    input: Type.Object({ ...QueueName, ...Permission.properties }),
    output: Nothing,
    effects: "write",
    errors: ["QueueNotFound", "PermissionExists", "ActionUnknown", "ActionOfOwner", "TooManyActions", "AccountUnknown"],
    async run(tx, { label, accounts, actions, ...input }, ctx) {
      checkActions(actions);
      for (const account of accounts) if (!isAccount(account)) throw errors.AccountUnknown({ account });
      putQueue(tx, grant(await requireQueue(tx, ctx, input), { label, accounts, actions }));
      return {};
    },
  }),
  revokePermission: operation({
    summary: "Takes back what was granted under a label, or the policy's statement of that name.",
    input: Type.Object({ ...QueueName, label: Type.String() }),
    output: Nothing,
    effects: "write",
    errors: ["QueueNotFound", "PermissionNotFound"],
    async run(tx, { label, ...input }, ctx) {
      putQueue(tx, revoke(await requireQueue(tx, ctx, input), label));
      return {};
    },
  }),
};
