import { moveOperations } from "./operations/moves.ts";
import { queueOperations } from "./operations/queues.ts";
import { receiveOperations } from "./operations/receive.ts";
import { sendOperations } from "./operations/send.ts";
import { settleOperations } from "./operations/settle.ts";

export const operations = {
  ...queueOperations,
  ...sendOperations,
  ...receiveOperations,
  ...settleOperations,
  ...moveOperations,
};
