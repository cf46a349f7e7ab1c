import { atOnce } from "./at-once.ts";
import type { Changes, EncodedEntry, View } from "./backend.ts";
import { addClear, countThrough, isCleared, rangeThrough, type Layer } from "./layer.ts";
import type { EncodedKey, KeyRange } from "./store.ts";
import { rest } from "./view-reader.ts";

/** How a layer's entry is stored: with its value, or without one, which hides what lies below. */
type Laid = readonly [value?: unknown];
const DELETED: Laid = Object.freeze([]);
const laid = (value: unknown): Laid => (value === undefined ? DELETED : Object.freeze([value]));

/** Cleared ranges are stored by their beginning, behind every key that a tuple can have. */
const CLEARS = "\xff\x01";
const ALL_CLEARS = { from: CLEARS as EncodedKey, to: "\xff\x02" as EncodedKey };

const NO_CLEARS: readonly KeyRange[] = [];

/**
 * Writes, deletions and cleared ranges over some other state, stored as entries of `view`, whose keys begin with
 * `prefix`. Reads only; `entriesFor` says what to write.
 */
export class ForkLayer implements Layer {
  clears: readonly KeyRange[] = NO_CLEARS;
  private readonly view: View;
  private readonly prefix: string;

  constructor(view: View, prefix = "") {
    this.view = view;
    this.prefix = prefix;
    this.readClears();
  }

  /** Also to be called when the stored entries have gone back to an earlier state. */
  readClears(): void {
    if (this.prefix !== "") return;
    const stored = atOnce(this.view.range(ALL_CLEARS, Number.POSITIVE_INFINITY, false));
    this.clears = stored.map(({ key, value }) => ({
      from: key.slice(CLEARS.length) as EncodedKey,
      to: (value as Laid)[0] as EncodedKey,
    }));
  }

  private at(key: string): EncodedKey {
    return (this.prefix + key) as EncodedKey;
  }

  /** What this layer says of `key`: `[value]`, or `[]` for nothing; undefined when it says nothing at all. */
  find(key: EncodedKey): Laid | undefined {
    const found = this.view.get(this.at(key)) as Laid | undefined;
    if (found !== undefined) return found;
    return this.clears.length > 0 && isCleared(this.clears, key) ? DELETED : undefined;
  }

  within(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    const found: EncodedEntry[] = [];
    let left = { from: this.at(range.from), to: this.at(range.to) };
    for (let wanted = limit; ;) {
      const page = atOnce(this.view.range(left, wanted, reverse));
      for (const { key, value } of page) {
        const [own] = value as Laid;
        found.push({ key: key.slice(this.prefix.length) as EncodedKey, value: own });
        if (own !== undefined) wanted -= 1;
      }
      const last = page.at(-1);
      // A page of nothing but deletions says nothing about what lies behind it.
      if (last === undefined || wanted <= 0 || limit === Number.POSITIVE_INFINITY) return found;
      left = rest(left, last.key, reverse);
    }
  }

  /** The stored entries that record `value` of `key`, before or instead of what lies below. */
  entryFor(key: EncodedKey, value: unknown): readonly [EncodedKey, Laid] {
    return [this.at(key), laid(value)];
  }

  /** What to write so that `changes` are laid on this layer. */
  entriesFor(changes: Changes): Changes {
    const writes = new Map<EncodedKey, unknown>();
    if (changes.clears.length > 0) {
      const before = new Set(this.clears);
      const joined = [...this.clears];
      for (const range of changes.clears) addClear(joined, range);
      const fresh = joined.filter((range) => !before.delete(range));
      // What is left was joined with others; one that now reaches further begins where it did.
      for (const { from } of before) writes.set((CLEARS + from) as EncodedKey, undefined);
      for (const { from, to } of fresh) writes.set((CLEARS + from) as EncodedKey, laid(to));
      this.clears = joined;
    }
    for (const [key, value] of changes.writes) writes.set(key, laid(value));
    return { clears: changes.clears, writes };
  }
}

/** `layer` laid over `below`. */
export class LayerOver implements View {
  private readonly layer: ForkLayer;
  private readonly below: View;

  constructor(layer: ForkLayer, below: View) {
    this.layer = layer;
    this.below = below;
  }

  get(key: EncodedKey): unknown {
    const found = this.layer.find(key);
    return found === undefined ? this.below.get(key) : found[0];
  }

  range(
    range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
  ): EncodedEntry[] | Promise<EncodedEntry[]> {
    return rangeThrough(this.layer, this.below, range, limit, reverse, only);
  }

  count(range: KeyRange): number | Promise<number> {
    return countThrough(this.layer, this.below, range);
  }
}
