/** A piece of a document that can be shortened: items, what stands before and after them. */
export interface Block {
  readonly head: string;
  /** Whole lines, in order of importance. */
  readonly items: readonly string[];
  /** What ends the items: a fence. */
  readonly close: string;
  readonly tail: string;
  /** What the items are: one, and many. */
  readonly noun: readonly [one: string, many: string];
  /** The lower, the sooner it gets room. */
  readonly rank: number;
}

export interface Limit {
  readonly charactersMax: number;
  /** Said at the end of what was shortened, with what is missing: `12 resources, 3 outputs`. */
  readonly note: (missing: string) => string;
}

const missingText = (count: number, [one, many]: Block["noun"]) => `${count} more ${count === 1 ? one : many}`;
const noticeOf = (count: number, noun: Block["noun"]) => `\n_${missingText(count, noun)} left out here._\n`;

/** Room for the longest list of what is missing. */
const MISSING_MAX = 400;

/**
 * A document of at most so many characters: the most important blocks get room first, and each says how much of it is
 * missing. `head` is always whole.
 */
export function fit(head: string, blocks: readonly Block[], { charactersMax, note }: Limit): string {
  const whole = head + blocks.map((block) => written(block, block.items.length)).join("");
  if (whole.length <= charactersMax) return whole;
  let room = charactersMax - head.length - note("x".repeat(MISSING_MAX)).length;
  const taken = new Map<Block, number>();
  for (const block of [...blocks].sort((a, b) => a.rank - b.rank)) {
    let left = room - frameCost(block);
    let count = 0;
    for (const item of block.items) {
      if (item.length > left) break;
      left -= item.length;
      count += 1;
    }
    // A frame around nothing would only take room.
    if (count === 0) continue;
    room = left;
    taken.set(block, count);
  }
  const shown = blocks.map((block) => {
    const count = taken.get(block);
    return count === undefined ? "" : written(block, count);
  });
  return head + shown.join("") + note(missingOf(blocks, taken));
}

const frameCost = ({ head, close, tail, items, noun }: Block) =>
  head.length + close.length + tail.length + noticeOf(items.length, noun).length;

function written({ head, items, close, tail, noun }: Block, count: number): string {
  const missing = items.length - count;
  return head + items.slice(0, count).join("") + close + (missing > 0 ? noticeOf(missing, noun) : "") + tail;
}

function missingOf(blocks: readonly Block[], taken: ReadonlyMap<Block, number>): string {
  const counts = new Map<string, { count: number; noun: Block["noun"] }>();
  for (const block of blocks) {
    const missing = block.items.length - (taken.get(block) ?? 0);
    if (missing === 0) continue;
    const [, many] = block.noun;
    const so = counts.get(many);
    counts.set(many, { count: (so?.count ?? 0) + missing, noun: block.noun });
  }
  const texts = [...counts.values()].map(({ count, noun: [one, many] }) => `${count} ${count === 1 ? one : many}`);
  return texts.join(", ").slice(0, MISSING_MAX);
}
