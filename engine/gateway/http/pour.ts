import type { Socket } from "node:net";
import type { Readable } from "node:stream";

const gone = (): Error =>
  Object.assign(new Error("The client has gone."), { code: "ERR_STREAM_PREMATURE_CLOSE" });

/** Resolves when there is room again, or nobody left to write to. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}

/**
 * Writes a body into a connection that goes on to other answers.
 * Why: Node's `pipeline` leaves listeners behind on a stream that it does not end, some for every answer.
 * Errors: what the body fails with; `ERR_STREAM_PREMATURE_CLOSE` when the client goes, which ends the body
 */
export async function pour(body: Readable, socket: Socket): Promise<void> {
  const end = () => body.destroy(gone());
  if (socket.destroyed) end();
  socket.once("close", end);
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) if (!socket.write(chunk)) await drained(socket);
  } finally {
    socket.off("close", end);
  }
}
