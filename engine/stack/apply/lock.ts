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

/** Who asks for a lock. */
export interface Claimant {
  readonly holder: string;
  readonly engineId: string;
  /** The lock of another engine counts for nothing: that engine cannot be alive. */
  readonly isAlone: boolean;
  /** Whoever holds it is known to be gone. */
  readonly isHolderGone?: boolean | undefined;
}

export const claimantOf = (
  parts: { readonly holder?: string; readonly engineId?: string; readonly isAlone?: boolean },
  isHolderGone = false,
): Claimant => {
  const { holder = "cloudstack", engineId = "", isAlone = false } = parts;
  return { holder, engineId, isAlone, isHolderGone };
};

/** Takes the lock, or returns who has it. */
export async function takeLock(
  tx: Transaction,
  scope: Scope,
  stack: string,
  deploymentId: string,
  { holder, engineId, isAlone, isHolderGone }: Claimant,
  nowMs: number,
): Promise<Lease | LockRecord> {
  const current = await lockRecords.get(tx, scope.account, scope.region, stack);
  const isOver = isHolderGone === true || (isAlone && current?.engineId !== engineId);
  if (current?.holder !== undefined && current.expiresAtMs > nowMs && !isOver) return current;
  const expiresAtMs = nowMs + LEASE_MS;
  const lock: LockRecord = { token: (current?.token ?? 0) + 1, holder, engineId, deploymentId, expiresAtMs };
  lockRecords.put(tx, lock, scope.account, scope.region, stack);
  return { token: lock.token, expiresAtMs };
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
