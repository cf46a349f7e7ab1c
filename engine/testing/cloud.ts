import { composeEngine, serveEngine } from "../compose.ts";
import type { Engine } from "../gateway/engine.ts";
import type { BlobStore } from "../kernel/blobs.ts";
import { memoryBlobStore } from "../kernel/memory-blobs.ts";
import { memoryStore } from "../kernel/memory.ts";
import type { Store } from "../kernel/store.ts";
import { systemClock, type Clock } from "../platform/clock.ts";
import { createLog } from "../platform/log.ts";
import { systemRandom } from "../platform/random.ts";

export interface TestCloud {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly engine: Engine;
  /** Constructor arguments for any AWS SDK v3 client: `new SQSClient(cloud.aws())`. */
  aws(
    account?: string,
    region?: string,
  ): {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  stop(): Promise<void>;
}

/**
 * A served engine inside the test's process, on a memory store unless another is given. Failures inside the engine are
 * printed: a test must not pass over them.
 */
export async function startCloud(
  parts: { store?: Store; blobs?: BlobStore; clock?: Clock; secretKey?: string } = {},
): Promise<TestCloud> {
  const engine = composeEngine({
    store: parts.store ?? memoryStore(),
    blobs: parts.blobs ?? memoryBlobStore(),
    clock: parts.clock ?? systemClock(),
    random: systemRandom(),
    log: createLog("error"),
    secretKey: parts.secretKey,
  });
  await engine.start();
  const server = await serveEngine(engine, { port: 0, host: "127.0.0.1" });
  return {
    endpoint: server.endpoint,
    engine,
    aws: (account = "111111111111", region = "us-east-1") => ({
      endpoint: server.endpoint,
      region,
      credentials: { accessKeyId: account, secretAccessKey: "secret" },
      maxAttempts: 1,
    }),
    async stop() {
      await server.stop();
      await engine.close();
    },
  };
}
