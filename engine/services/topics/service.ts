import type { Job } from "../../kernel/jobs.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { service } from "../manifest.ts";
import { post } from "./delivery/post.ts";
import { POST_JOB } from "./delivery/web.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { EXPIRE_JOB, forgetToken } from "./operations/confirmations.ts";
import { topicsPort } from "./port.ts";
import { REPLAY_JOB, replayStep } from "./replay.ts";
import { resources } from "./resources.ts";

type Run = (tx: Transaction, job: Job, ctx: OperationContext<never>) => Promise<void>;
const forget: Run = (tx, job) => forgetToken(tx, job.payload as Parameters<typeof forgetToken>[1]);
const replay: Run = (tx, job, ctx) => replayStep(tx, job.payload as Parameters<typeof replayStep>[1], ctx);

/** Topics: a message published once reaches everyone who has subscribed and wants it. */
export const topics = service({
  name: "topics",
  summary: "Topics that hand each message to every subscriber that wants it, standard and FIFO.",
  operations,
  errors,
  resources,
  uses: { queues: "queues subscribe to topics, and take the letters that nobody else takes" },
  mayUse: {
    functions: "functions subscribe to topics once there are functions",
    streams: "delivery streams subscribe to topics once there are streams",
  },
  provides: { topics: topicsPort },
  jobs: { [EXPIRE_JOB]: forget, [REPLAY_JOB]: replay },
  externalJobs: { [POST_JOB]: post },
  limits: [
    "Emails, texts and pushes do not leave the engine: `topics.listSentMessages` shows them.",
    "Policies, permissions, encryption, tracing, delivery logs and data protection are kept and shown.",
    "Messages that are replayed do not say so: they lack the attribute `Replayed`.",
    "A delivery policy's `sicklyRetryPolicy` and `guaranteed`, which SNS has retired, are kept and shown.",
    "Functions and delivery streams cannot subscribe until there are such services.",
  ],
});
