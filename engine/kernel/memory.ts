import { decodeKey, encodeKey } from "./key.ts";
import type { EncodedKey, Entry, Key, KeyRange, RangeOptions, Reader, Store, Transaction } from "./store.ts";

/** Provisional: one transaction at a time over a sorted array. The kernel's own work replaces it. */
export function memoryStore(base: ReadonlyMap<EncodedKey, unknown> = new Map()): Store {
  let committed = new Map(base);
  let turn: Promise<unknown> = Promise.resolve();
  let position = 0;
  const watchers = new Set<() => void>();

  const readerOf = (data: Map<EncodedKey, unknown>): Reader => {
    const range = async <T>(r: KeyRange, options: RangeOptions): Promise<Entry<T>[]> => {
      let keys = [...data.keys()].filter((key) => key >= r.from && key < r.to).sort();
      if (options.reverse) keys = keys.reverse();
      return keys.slice(0, options.limit).map((key) => ({ key: decodeKey(key), value: data.get(key) as T }));
    };
    return {
      get: async <T>(key: Key) => data.get(encodeKey(key)) as T | undefined,
      range,
      async *scan<T>(r: KeyRange, options?: { reverse?: boolean }) {
        yield* await range<T>(r, { limit: Number.POSITIVE_INFINITY, reverse: options?.reverse ?? false });
      },
    };
  };
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = turn.then(run, run);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    transact: (run) => inTurn(async () => {
      const data = new Map(committed);
      const tx: Transaction = {
        ...readerOf(data),
        set: (key, value) => void data.set(encodeKey(key), structuredClone(value)),
        delete: (key) => void data.delete(encodeKey(key)),
        clear: (r) => {
          for (const key of [...data.keys()]) if (key >= r.from && key < r.to) data.delete(key);
        },
        append: (prefix, value) => void data.set(encodeKey([...prefix, position++]), value),
      };
      const result = await run(tx);
      committed = data;
      for (const wake of watchers) queueMicrotask(wake);
      return result;
    }),
    read: (run) => inTurn(() => run(readerOf(committed))),
    watch(_range, onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    fork: () => memoryStore(committed),
    close: async () => undefined,
  };
}
