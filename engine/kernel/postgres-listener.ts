import type pg from "pg";
import type { EncodedKey } from "./store.ts";

export const CHANNEL = "cloudstacks_changed";
const RECONNECT_MS = 500;

const keyOf = (text: string): EncodedKey => Buffer.from(text, "base64").toString("latin1") as EncodedKey;

export interface Listening {
  stop(): void;
}

/**
 * Calls `hear` with the keys that any engine's commit has written, or with undefined when they are too many to say, or
 * when the connection was gone for a while, so that anything may have changed. Listens before the promise resolves.
 */
export async function listenForChanges(
  pool: pg.Pool, hear: (keys: readonly EncodedKey[] | undefined) => void): Promise<Listening> {
  let client: pg.PoolClient | undefined;
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;

  const listen = async (): Promise<void> => {
    let connected: pg.PoolClient;
    try {
      connected = await pool.connect();
    } catch {
      // The server is away: every use of the store says so by itself; watches come back when it does.
      again();
      return;
    }
    connected.on("notification", ({ payload }) => {
      hear(payload ? payload.split(" ").map(keyOf) : undefined);
    });
    connected.once("error", (problem: Error) => {
      client = undefined;
      connected.release(problem);
      again();
    });
    client = connected;
    await connected.query(`LISTEN ${CHANNEL}`);
    if (isStopped) stop();
    else hear(undefined);
  };
  const again = () => {
    if (!isStopped) retry = setTimeout(() => void listen(), RECONNECT_MS).unref();
  };
  const stop = () => {
    isStopped = true;
    clearTimeout(retry);
    client?.release(true);
    client = undefined;
  };
  await listen();
  return { stop };
}
