import { fifoLine } from "./fifo-line.ts";
import type { Line } from "./line.ts";
import type { Queue } from "./queue.ts";
import { standardLine } from "./standard-line.ts";

export const lineOf = (queue: Pick<Queue, "isFifo">): Line => (queue.isFifo ? fifoLine : standardLine);
