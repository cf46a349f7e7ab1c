import { atOnce, entriesWithin } from "./at-once.ts";
import type { Backend, Changes, View } from "./backend.ts";
import { ForkLayer, LayerOver } from "./fork-layer.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/** Behind every key of a tuple. */
const BEYOND = "\xff";
/** No range of anybody's touches this, no snapshot holds it. */
const KEPT = `${BEYOND}\x02`;

/** What is kept for the fork that is called `tag`, wherever the store keeps it. */
export const keptFor = (tag: string): KeyRange => ({
  from: (KEPT + tag) as EncodedKey,
  to: (KEPT + tag + "\xff") as EncodedKey,
});

/** The fork of the first kept value behind those of `tag`; undefined when there is none. */
export function keptTagAfter(view: View, tag: string, tagLength: number): string | undefined {
  const from = tag === "" ? (KEPT as EncodedKey) : keptFor(tag).to;
  const [first] = atOnce(view.range({ from, to: (KEPT + "\xff") as EncodedKey }, 1, false));
  return first?.key.slice(KEPT.length, KEPT.length + tagLength);
}

/**
 * A state as it was at one moment, while the store goes on: for each key that was changed since, the value from before
 * is kept. So a fork costs nothing to make, and what its base changes once, once.
 *
 * Kept in memory, or in the store itself by the very commit that changes the key: then it survives a crash with it,
 * and cannot be missing. What a fork has written is kept for it too: whether it has, only an open fork could tell.
 */
export class FormerState extends LayerOver {
  private readonly now: View;
  private readonly kept: ForkLayer;
  private readonly memory: Backend | undefined;

  private constructor(now: View, kept: ForkLayer, memory?: Backend) {
    super(kept, now);
    this.now = now;
    this.kept = kept;
    this.memory = memory;
  }

  static inMemory(now: View, memory: Backend): FormerState {
    return new FormerState(now, new ForkLayer(memory), memory);
  }

  static inStore(now: View, tag: string): FormerState {
    return new FormerState(now, new ForkLayer(now, KEPT + tag));
  }

  /** What the store keeps for forks, this one and others, is no part of what it was. */
  override range(
    range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
  ): ReturnType<LayerOver["range"]> {
    return range.from >= BEYOND ? [] : super.range(range, limit, reverse, only);
  }

  /** To be called before `changes` are applied: keeps what they change. Gives what must be committed with them. */
  keep(changes: Changes): Iterable<readonly [EncodedKey, unknown]> {
    const entries: (readonly [EncodedKey, unknown])[] = [];
    const keep = (key: EncodedKey, value: unknown) => {
      if (this.kept.find(key) === undefined) entries.push(this.kept.entryFor(key, value));
    };
    for (const range of changes.clears) {
      // Beyond the keys of tuples lies only what is kept for forks.
      if (range.from >= BEYOND) continue;
      for (const { key, value } of entriesWithin(this.now, range)) keep(key, value);
    }
    for (const key of changes.writes.keys()) keep(key, this.now.get(key));
    if (this.memory === undefined) return entries;
    this.memory.apply({ clears: [], writes: new Map(entries) });
    return [];
  }

  /** True when `range` had an entry that is no longer there. */
  keepsWithin(range: KeyRange): boolean {
    return this.kept.within(range, 1, false).some(({ value }) => value !== undefined);
  }
}
