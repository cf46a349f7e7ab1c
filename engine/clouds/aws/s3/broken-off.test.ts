import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { composeEngine, serveEngine } from "../../../compose.ts";
import type { StoredBody } from "../../../kernel/blobs.ts";
import { memoryBlobStore } from "../../../kernel/memory-blobs.ts";
import { memoryStore } from "../../../kernel/memory.ts";
import { silentLog, type Log } from "../../../platform/log.ts";

test("a body whose sender goes away in the middle is no object, and no defect of the engine", async () => {
  const blobs = memoryBlobStore();
  const writes: Promise<StoredBody>[] = [];
  const errors: unknown[] = [];
  const engine = composeEngine({
    store: memoryStore(),
    blobs: {
      ...blobs,
      write(body, digesters) {
        const written = blobs.write(body, digesters);
        writes.push(written);
        return written;
      },
    },
    log: { ...silentLog, error: ((entry: unknown) => errors.push(entry)) as Log["error"] },
  });
  await engine.start();
  const server = await serveEngine(engine, { port: 0, host: "127.0.0.1" });
  try {
    await fetch(`${server.endpoint}/things`, { method: "PUT" });
    const socket = connect(Number(new URL(server.endpoint).port), "127.0.0.1");
    socket.write("PUT /things/half HTTP/1.1\r\nhost: localhost\r\ncontent-length: 200000\r\n\r\n");
    await new Promise((resolve) => socket.write(Buffer.alloc(100_000), resolve));
    while (writes.length === 0) await new Promise(setImmediate);
    socket.destroy();
    await once(socket, "close");
    await expect(writes[0]).rejects.toThrow("aborted");
    expect((await fetch(`${server.endpoint}/things/half`)).status).toBe(404);
    expect(errors).toEqual([]);
  } finally {
    await server.stop();
    await engine.close();
  }
});
