import type { EncodedEntry, View } from "./backend.ts";
import { freezeDecoded } from "./frozen.ts";
import { packr } from "./snapshot-format.ts";
import type { SectionPlace, SnapshotFile } from "./snapshot-file.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/** Decoded sections that are held; each is about a mebibyte as stored. */
const DECODED_MAX = 16;
/** Enough for the key of a section's first entry, nearly always. */
const KEY_BYTES = 1024;

interface Section extends SectionPlace {
  readonly first: EncodedKey;
}

const entryOf = ([key, value]: [Buffer, unknown]): EncodedEntry => ({
  key: key.toString("latin1") as EncodedKey,
  value: freezeDecoded(value),
});

/** Where the first of `sorted` stands whose key is not below `key`. */
function firstFrom(sorted: readonly EncodedEntry[], key: EncodedKey): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as EncodedEntry).key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The records of a snapshot, read where they lie: a section is decoded when somebody asks for a key in it. */
export class SnapshotView implements View {
  private readonly file: SnapshotFile;
  private readonly sections: readonly Section[];
  /** By section, the one that was used last at the end. */
  private readonly decoded = new Map<Section, readonly EncodedEntry[]>();

  constructor(file: SnapshotFile) {
    this.file = file;
    this.sections = file.sections
      .filter(({ kind }) => kind === "entries")
      .map((place) => ({ ...place, first: this.firstKeyOf(place) }));
  }

  private firstKeyOf(place: SectionPlace): EncodedKey {
    const start = this.file.bytes(place.payloadAt, Math.min(KEY_BYTES, place.payloadBytes));
    return (keyAtStart(start) ?? this.decode(place)[0]?.key ?? "") as EncodedKey;
  }

  private decode(place: SectionPlace): readonly EncodedEntry[] {
    return (packr.unpackMultiple(this.file.payload(place)) as [Buffer, unknown][]).map(entryOf);
  }

  private entriesOf(section: Section): readonly EncodedEntry[] {
    const entries = this.decoded.get(section) ?? this.decode(section);
    this.decoded.delete(section);
    this.decoded.set(section, entries);
    const [oldest] = this.decoded.keys();
    if (this.decoded.size > DECODED_MAX && oldest !== undefined) this.decoded.delete(oldest);
    return entries;
  }

  /** The index of the last section that begins at or before `key`; -1 when all begin behind it. */
  private sectionOf(key: EncodedKey): number {
    let [low, high] = [0, this.sections.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sections[middle] as Section).first <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  get(key: EncodedKey): unknown {
    const section = this.sections[this.sectionOf(key)];
    if (section === undefined) return undefined;
    const entries = this.entriesOf(section);
    const entry = entries[firstFrom(entries, key)];
    return entry?.key === key ? entry.value : undefined;
  }

  range(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    const found: EncodedEntry[] = [];
    const step = reverse ? -1 : 1;
    for (let at = Math.max(0, this.sectionOf(reverse ? range.to : range.from)); found.length < limit; at += step) {
      const section = this.sections[at];
      if (section === undefined || (!reverse && section.first >= range.to)) break;
      const entries = this.entriesOf(section);
      const within = entries.slice(firstFrom(entries, range.from), firstFrom(entries, range.to));
      found.push(...(reverse ? within.reverse() : within).slice(0, limit - found.length));
      if (reverse && section.first <= range.from) break;
    }
    return found;
  }

  count(range: KeyRange): number {
    return this.range(range, Number.POSITIVE_INFINITY, false).length;
  }
}

/**
 * The key of the entry that begins here: msgpack's array of two, then its bytes behind their length. Undefined when
 * there is too little.
 */
function keyAtStart(bytes: Buffer): EncodedKey | undefined {
  const [array, type] = bytes;
  if (array !== 0x92 || (type !== 0xc4 && type !== 0xc5)) return undefined;
  const from = type === 0xc4 ? 3 : 4;
  const length = type === 0xc4 ? bytes.readUInt8(2) : bytes.readUInt16BE(2);
  return from + length > bytes.length ? undefined : (bytes.toString("latin1", from, from + length) as EncodedKey);
}
