import { seededRandom, type Random } from "../../../engine/platform/random.ts";

/** One kind of work that clients do until the engine is killed under them, and what must be true afterwards. */
export interface Load {
  /** Once, on the empty engine. */
  prepare(endpoint: string): Promise<void>;
  /** Clients that work side by side: each gives its next step, which throws when the engine is gone. */
  clients(endpoint: string): readonly (() => Promise<unknown>)[];
  /** After each restart: what was acknowledged is there, and nothing is half done. */
  check(endpoint: string): Promise<void>;
  /** After the last one: what only an emptied engine can show. */
  checkWhole?(endpoint: string): Promise<void>;
  /** How much was acknowledged, for the reader of the test's output. */
  counts(): Readonly<Record<string, number>>;
}

/** What one client knows of one thing that only it writes. `undefined` is a thing that is not there. */
export class Known<T> {
  acknowledged: T | undefined;
  /** Sent and not answered: it may have happened or not. */
  attempted: { readonly value: T | undefined } | undefined;
  private count = 0;

  async change(value: T | undefined, send: () => Promise<unknown>): Promise<void> {
    this.attempted = { value };
    await send();
    this.acknowledged = value;
    this.attempted = undefined;
    this.count += 1;
  }

  /** What may be found now: one state, or two after an answer that never came. */
  get possible(): readonly (T | undefined)[] {
    return this.attempted ? [this.acknowledged, this.attempted.value] : [this.acknowledged];
  }

  /** What was found holds from here on. */
  settle(found: T | undefined): void {
    this.acknowledged = found;
    this.attempted = undefined;
  }

  get changes(): number {
    return this.count;
  }
}

/** Bytes that follow from a seed and whose parts cannot change places unnoticed. */
export function bytesOf(seed: number, lengthBytes: number): Buffer {
  return Buffer.alloc(lengthBytes, seededRandom(seed).bytes(4093));
}

export const randomBelow = (random: Random, limit: number): number => random.bytes(4).readUInt32BE() % limit;

export const clientOptions = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "111111111111", secretAccessKey: "secret" },
  maxAttempts: 1,
});

/** Whether a failure only says that nobody answers any more; a refusal by the engine is none of that kind. */
export function isEngineGone(problem: unknown): boolean {
  const { $metadata } = problem as { $metadata?: { httpStatusCode?: number } };
  return ($metadata?.httpStatusCode ?? 0) < 400;
}
