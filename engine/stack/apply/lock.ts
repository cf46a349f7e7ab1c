import type { Store, Transaction } from "../../kernel/store.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Scope } from "../../services/context.ts";
import { lockRecords, type LockRecord } from "../state/model.ts";

/** How long a lock outlives its holder. Renewed when half of it is over. */
export const LEASE_MS = 30_000;

/** The right to write a stack, until it expires or is taken over. */
export interface Lease {
  readonly token: number;
  expiresAtMs: number;
}

/** Another holder took the stack over while this one was not heard of; it settles what this one began. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
}

/** Takes the lock, or returns who has it. `takeOver`: the holder is known to be gone. */
export async function takeLock(
  tx: Transaction,
  scope: Scope,
  stack: string,
  deploymentId: string,
  holder: string,
  nowMs: number,
  takeOver = false,
): Promise<Lease | LockRecord> {
  const current = await lockRecords.get(tx, scope.account, scope.region, stack);
  if (current?.holder !== undefined && current.expiresAtMs > nowMs && !takeOver) return current;
  const lock: LockRecord = { token: (current?.token ?? 0) + 1, holder, deploymentId, expiresAtMs: nowMs + LEASE_MS };
  lockRecords.put(tx, lock, scope.account, scope.region, stack);
  return { token: lock.token, expiresAtMs: lock.expiresAtMs };
}

export const isLease = (found: Lease | LockRecord): found is Lease => !("holder" in found);

/** In every transaction that writes: fences off a holder that was given up. */
export async function requireLease(tx: Transaction, scope: Scope, stack: string, lease: Lease): Promise<LockRecord> {
  const lock = await lockRecords.get(tx, scope.account, scope.region, stack);
  if (!lock || lock.token !== lease.token || lock.holder === undefined) {
    throw new LeaseLost(`The lock of stack ${stack} was taken over by ${lock?.holder ?? "another deployment"}.`);
  }
  return lock;
}

/** Rarely, and apart from the steps, which would all conflict with the renewal if each of them wrote the lock. */
export async function renewLease(store: Store, clock: Clock, scope: Scope, stack: string, lease: Lease): Promise<void> {
  const nowMs = clock.nowMs();
  if (lease.expiresAtMs - nowMs > LEASE_MS / 2) return;
  const expiresAtMs = nowMs + LEASE_MS;
  lease.expiresAtMs = expiresAtMs;
  await store.transact(async (tx) => {
    const lock = await requireLease(tx, scope, stack, lease);
    lockRecords.put(tx, { ...lock, expiresAtMs }, scope.account, scope.region, stack);
  });
}

export function releaseLock(tx: Transaction, scope: Scope, stack: string, lease: Lease): void {
  lockRecords.put(tx, { token: lease.token, expiresAtMs: 0 }, scope.account, scope.region, stack);
}
