import type { Store, Transaction } from "../../kernel/store.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Scope } from "../../services/context.ts";
import { lockRecords, type LockRecord } from "../state/model.ts";

/** How long a lock outlives its holder. Renewed when a third of it is over. */
export const LEASE_MS = 30_000;

/** The right to write a stack, until it expires or is taken over. */
export interface Lease {
  readonly token: number;
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

/** The lock, when it keeps the claimant out. */
export function holderOf(
  lock: LockRecord | undefined,
  { engineId, isAlone, isHolderGone }: Claimant,
  nowMs: number,
): LockRecord | undefined {
  const isOver = isHolderGone === true || (isAlone && lock?.engineId !== engineId);
  return lock?.holder !== undefined && lock.expiresAtMs > nowMs && !isOver ? lock : undefined;
}

/** Takes the lock, or returns who has it. */
export async function takeLock(
  tx: Transaction,
  scope: Scope,
  stack: string,
  deploymentId: string,
  claimant: Claimant,
  nowMs: number,
): Promise<Lease | LockRecord> {
  const current = await lockRecords.get(tx, scope.account, scope.region, stack);
  const held = holderOf(current, claimant, nowMs);
  if (held) return held;
  const { holder, engineId } = claimant;
  const expiresAtMs = nowMs + LEASE_MS;
  const token = (current?.token ?? 0) + 1;
  const lock: LockRecord = { token, holder, engineId, deploymentId, takenAtMs: nowMs, expiresAtMs };
  lockRecords.put(tx, lock, scope.account, scope.region, stack);
  return { token };
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

export interface LeaseHolder {
  readonly parts: { readonly store: Store; readonly clock: Clock };
  readonly scope: Scope;
  readonly stack: string;
  readonly lease: Lease;
}

/**
 * Runs `run` while the lease is renewed beside it, apart from the steps, which would all conflict with the renewal if
 * each of them wrote the lock.
 */
export async function holdingLease<T>(holder: LeaseHolder, run: () => Promise<T>): Promise<T> {
  const { clock } = holder.parts;
  let cancel: (() => void) | undefined;
  let isOver = false;
  const arm = () => {
    cancel = clock.wakeAt(clock.nowMs() + LEASE_MS / 3, () => {
      // A lease that cannot be renewed is noticed by the next step, which is refused and says why.
      renew(holder).then(
        () => isOver || arm(),
        () => undefined,
      );
    });
  };
  arm();
  try {
    return await run();
  } finally {
    isOver = true;
    cancel?.();
  }
}

async function renew({ parts, scope, stack, lease }: LeaseHolder): Promise<void> {
  await parts.store.transact(async (tx) => {
    const lock = await requireLease(tx, scope, stack, lease);
    const expiresAtMs = parts.clock.nowMs() + LEASE_MS;
    lockRecords.put(tx, { ...lock, expiresAtMs }, scope.account, scope.region, stack);
  });
}

export function releaseLock(tx: Transaction, scope: Scope, stack: string, lease: Lease): void {
  lockRecords.put(tx, { token: lease.token, expiresAtMs: 0 }, scope.account, scope.region, stack);
}
