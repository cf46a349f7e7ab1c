import { after, startingWith } from "./key.ts";
import type { Entry, Key, KeyPart, KeyRange, Reader, RangeOptions, Transaction } from "./store.ts";

/** A named region of the key space with typed keys. Declared once, in a service's `model.ts`. */
export interface Subspace<Parts extends readonly KeyPart[]> {
  key(...parts: Parts): Key;
  /** Every key that begins with these parts. */
  range(...parts: Partial<Parts>): KeyRange;
  /** The parts of one of its keys. */
  parts(key: Key): Parts;
}

/** `subspace<[account: string, name: string]>("queues", "q")`; the two names must be unique in the engine. */
export function subspace<Parts extends readonly KeyPart[]>(service: string, name: string): Subspace<Parts> {
  return {
    key: (...parts) => [service, name, ...parts],
    range: (...parts) =>
      startingWith([service, name, ...(parts as readonly KeyPart[]).filter((part) => part !== undefined)]),
    parts: (key) => key.slice(2) as readonly KeyPart[] as Parts,
  };
}

/** Records of one type under a subspace. */
export interface Records<T, Parts extends readonly KeyPart[]> {
  get(tx: Reader, ...parts: Parts): Promise<T | undefined>;
  put(tx: Transaction, record: T, ...parts: Parts): void;
  remove(tx: Transaction, ...parts: Parts): void;
  range(tx: Reader, range: KeyRange, options: RangeOptions): Promise<Entry<T>[]>;
  /** Records whose key begins with `prefix`, in order; `after` is the next key part of the last one seen. */
  page(tx: Reader, prefix: Partial<Parts>, page: { readonly after?: KeyPart; readonly limit: number }): Promise<T[]>;
}

export function records<T, Parts extends readonly KeyPart[]>(space: Subspace<Parts>): Records<T, Parts> {
  return {
    get: (tx, ...parts) => tx.get<T>(space.key(...parts)),
    put: (tx, record, ...parts) => tx.set(space.key(...parts), record),
    remove: (tx, ...parts) => tx.delete(space.key(...parts)),
    range: (tx, range, options) => tx.range<T>(range, options),
    async page(tx, prefix, page) {
      const all = space.range(...prefix);
      const last = [...(prefix as readonly KeyPart[]), page.after] as readonly KeyPart[] as Parts;
      const rest = page.after === undefined ? all : after(all, space.key(...last));
      return (await tx.range<T>(rest, { limit: page.limit })).map((entry) => entry.value);
    },
  };
}
