/** Lets a transaction that lost too often run alone: until it is through, nobody else may commit. */
export class Turnstile {
  private holder: object | undefined;
  private freed: Promise<void> = Promise.resolve();
  private free: () => void = () => undefined;

  /** True when `who` must wait before it may commit. */
  isClosedFor(who: object): boolean {
    return this.holder !== undefined && this.holder !== who;
  }

  /** Resolves when `who` may commit. Those who wait are woken in the order they came. */
  async pass(who: object): Promise<void> {
    while (this.isClosedFor(who)) await this.freed;
  }

  async close(who: object): Promise<void> {
    // Not by `pass`: its promise would leave a gap between looking and taking, into which another could step.
    while (this.isClosedFor(who)) await this.freed;
    this.holder = who;
    this.freed = new Promise((resolve) => {
      this.free = resolve;
    });
  }

  open(who: object): void {
    if (this.holder !== who) return;
    this.holder = undefined;
    this.free();
  }
}
