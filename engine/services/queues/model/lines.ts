import { fifoLine } from "./fifo-line.ts";
import type { Line } from "./line.ts";
import type { Queue } from "./queue.ts";
import { standardLine } from "./standard-line.ts";
import { counted } from "./tallies.ts";

const standard = counted(standardLine);
const fifo = counted(fifoLine);

export const lineOf = (queue: Pick<Queue, "isFifo">): Line => (queue.isFifo ? fifo : standard);
