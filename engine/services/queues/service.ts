import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { MOVE_JOB, moveStep } from "./operations/moves.ts";
import { queuesPort } from "./port.ts";
import { resources } from "./resources.ts";

/** Queues of messages, standard and FIFO. */
export const queues = service({
  name: "queues",
  summary: "Queues of messages, standard and FIFO, with long polling and dead-letter queues.",
  operations,
  errors,
  resources,
  provides: { queues: queuesPort },
  jobs: { [MOVE_JOB]: (tx, job, ctx) => moveStep(tx, job.payload as Parameters<typeof moveStep>[1], ctx) },
  limits: [
    "Policies, permissions and encryption settings are kept and shown; nothing enforces them yet.",
    "The limit of 120,000 messages in flight is not enforced.",
    "The name of a deleted queue can be used again at once.",
    "FIFO throughput limits are kept and not applied: a queue is as fast as the engine.",
  ],
});
