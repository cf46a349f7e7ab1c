/**
 * Lets one holder per key in at a time, in order of arrival. A contended head (a counter, the first due messages of a
 * queue) read and written by 32 clients at once would otherwise commit once and retry 31 times, over and over.
 * `Store.transact(run, { sequence })` leaves as soon as the commit is visible to the next, so nobody waits for
 * another's fsync. It is never needed for correctness: the store validates every commit anyway.
 */
export class Sequencer {
  /** Who waits, by key; a key is present while somebody holds it. */
  private readonly waiting = new Map<string, (() => void)[]>();

  /** Undefined when the key was free (no promise, no wait); otherwise resolves when it is this caller's turn. */
  enter(key: string): Promise<void> | undefined {
    const queue = this.waiting.get(key);
    if (queue === undefined) {
      this.waiting.set(key, []);
      return undefined;
    }
    return new Promise((resolve) => queue.push(resolve));
  }

  /** Hands the key to the one who waited longest. */
  leave(key: string): void {
    const next = this.waiting.get(key)?.shift();
    if (next === undefined) this.waiting.delete(key);
    else next();
  }
}
