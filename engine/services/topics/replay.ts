import { schedule } from "../../kernel/jobs.ts";
import { after, startingWith } from "../../kernel/key.ts";
import type { Transaction } from "../../kernel/store.ts";
import { deliver } from "./delivery/deliver.ts";
import { createNotices } from "./delivery/documents.ts";
import { errors } from "./errors.ts";
import { wants } from "./filter/wants.ts";
import type { Published } from "./model/message.ts";
import { putSubscription, subscriptionRecords, type Subscription } from "./model/subscription.ts";
import { archiveDaysOf, topicRecords, type Topic } from "./model/topic.ts";
import type { TopicContext } from "./ports.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const under = (topic: Topic) => ["topics", "archive", topic.id];
/** Each message takes away this many outlived ones. */
const FORGOTTEN_PER_MESSAGE = 4;
const MESSAGES_PER_STEP = 50;
export const REPLAY_JOB = "topics.replay";

/** Keeps a message for as long as its topic archives. */
export async function archive(tx: Transaction, topic: Topic, published: Published): Promise<void> {
  const archiveDays = archiveDaysOf(topic.settings);
  if (archiveDays === undefined) return;
  const oldestMs = published.atMs - archiveDays * DAY_MS;
  const oldest = await tx.range<Published>(startingWith(under(topic)), { limit: FORGOTTEN_PER_MESSAGE });
  for (const { key, value } of oldest) {
    if (value.atMs < oldestMs) tx.delete(key);
  }
  tx.append(under(topic), published);
}

interface ReplayWish {
  readonly fromMs: number;
  readonly toMs: number;
}

const refuse = (reason: string) => errors.SettingInvalid({ setting: "replay", reason });

function wishOf(text: string): ReplayWish {
  let given: { PointType?: unknown; StartingPoint?: unknown; EndingPoint?: unknown };
  try {
    given = JSON.parse(text) as typeof given;
  } catch {
    throw refuse("it is not JSON");
  }
  if (given.PointType !== "Timestamp") throw refuse("PointType must be Timestamp");
  const fromMs = Date.parse(String(given.StartingPoint));
  const toMs = given.EndingPoint === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(String(given.EndingPoint));
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) throw refuse("StartingPoint and EndingPoint are points in time");
  return { fromMs, toMs };
}

/** What a step of a replay is told. */
interface Step {
  readonly account: string;
  readonly region: string;
  readonly topic: string;
  readonly subscription: string;
  readonly replay: string;
  /** Messages up to this place in the archive have been sent again. */
  readonly position: number;
}

/** Begins to send archived messages again, to the one subscriber that asked. */
export async function startReplay(
  tx: Transaction,
  topic: Topic,
  subscription: Subscription,
  ctx: TopicContext,
): Promise<void> {
  const { replay } = subscription.settings;
  if (replay === undefined) return;
  wishOf(replay);
  putSubscription(tx, { ...subscription, replayStatus: "running" });
  const { account, region, name } = topic;
  const step: Step = { account, region, topic: name, subscription: subscription.id, replay, position: -1 };
  await schedule(tx, { type: REPLAY_JOB, dueAtMs: ctx.clock.nowMs(), payload: step });
}

/** One page of a replay, and the job for the next; another replay of the same subscription ends this one. */
export async function replayStep(tx: Transaction, step: Step, ctx: TopicContext): Promise<void> {
  const topic = await topicRecords.get(tx, step.account, step.region, step.topic);
  const subscription = await subscriptionRecords.get(tx, step.account, step.region, step.topic, step.subscription);
  if (topic === undefined || subscription?.settings.replay !== step.replay) return;
  const { fromMs, toMs } = wishOf(step.replay);
  const rest = after(startingWith(under(topic)), [...under(topic), step.position]);
  const page = await tx.range<Published>(rest, { limit: MESSAGES_PER_STEP });
  for (const { value: published } of page) {
    if (published.atMs < fromMs || published.atMs > toMs || !wants(subscription, published)) continue;
    await deliver(tx, { topic, subscription, published, notices: createNotices(tx, topic, published) }, ctx);
  }
  const last = page.at(-1);
  if (last === undefined || page.length < MESSAGES_PER_STEP)
    return putSubscription(tx, { ...subscription, replayStatus: "done" });
  const next: Step = { ...step, position: Number(last.key.at(-1)) };
  await schedule(tx, { type: REPLAY_JOB, dueAtMs: ctx.clock.nowMs(), payload: next });
}
