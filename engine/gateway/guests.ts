/** The commands of other processes that use an engine while they run. */
export interface Guests {
  /** Lasts until the guest leaves. */
  stay(leaving: AbortSignal): Promise<void>;
  count(): number;
  /** Resolves when nobody is left. */
  gone(): Promise<void>;
}

/** Why: an engine that serves for the time of one command must not end under another that found it serving. */
export function createGuests(): Guests {
  const staying = new Set<Promise<void>>();
  return {
    async stay(leaving) {
      const stay = new Promise<void>((resolve) => {
        if (leaving.aborted) resolve();
        leaving.addEventListener("abort", () => resolve(), { once: true });
      });
      staying.add(stay);
      await stay;
      staying.delete(stay);
    },
    count: () => staying.size,
    async gone() {
      while (staying.size > 0) await Promise.all(staying);
    },
  };
}
