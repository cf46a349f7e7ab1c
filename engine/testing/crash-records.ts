import { createHash } from "node:crypto";
import type { StoredBody } from "../kernel/blobs.ts";
import type { Job } from "../kernel/jobs.ts";
import type { Transaction } from "../kernel/store.ts";

/** What the crash writer keeps under `[object, slot]`: the bytes of its blob follow from the seed. */
export interface CrashObject {
  readonly version: number;
  readonly seed: string;
  readonly body: StoredBody;
}

export const SLOTS = 3;
const OBJECT_BYTES = 5 * 1024 * 1024;

/** 5 MiB that no other seed has, and whose parts cannot change places unnoticed: the block is no divisor of a page. */
export function crashBytes(seed: string): Buffer {
  const digests = Array.from({ length: 128 }, (_, i) => createHash("sha256").update(`${seed} ${i}`).digest());
  return Buffer.alloc(OBJECT_BYTES, Buffer.concat(digests).subarray(1));
}

/** The crash writer's job: counts its own runs. */
export async function countRun(tx: Transaction, job: Job): Promise<void> {
  tx.set(["ran", job.id], (await tx.get<number>(["ran", job.id]) ?? 0) + 1);
}
