import type { FailurePolicy } from "../state/failure-policy.ts";

/** The end of a deployment that its user asks for while it runs. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** What its user wants to become of what was done; otherwise what was said when it began. */
  onFailure: FailurePolicy | undefined;
}

/** The deployments under way in this engine that somebody may want to stop, by the name their user gave them. */
export class Interrupts {
  private readonly running = new Map<string, { readonly stop: AbortController; readonly interruption: Interruption }>();

  /** Runs a deployment that can be interrupted by name, or by the given signal. */
  async watch<T>(
    { name, signal }: { readonly name?: string | undefined; readonly signal?: AbortSignal | undefined },
    run: (interruption: Interruption) => Promise<T>,
  ): Promise<T> {
    const stop = new AbortController();
    const interruption: Interruption = {
      signal: signal ? AbortSignal.any([stop.signal, signal]) : stop.signal,
      onFailure: undefined,
    };
    if (name !== undefined) this.running.set(name, { stop, interruption });
    try {
      return await run(interruption);
    } finally {
      if (name !== undefined) this.running.delete(name);
    }
  }

  /** False when no such deployment is under way. */
  interrupt(name: string, onFailure?: FailurePolicy): boolean {
    const found = this.running.get(name);
    if (!found) return false;
    found.interruption.onFailure = onFailure;
    found.stop.abort();
    return true;
  }
}
