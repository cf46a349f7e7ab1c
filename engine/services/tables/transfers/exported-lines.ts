import type { Reader } from "../../../kernel/store.ts";
import { keyAttributes, spaces, type HistoryRecord, type StoredItem, type TableRecord } from "../model.ts";
import { itemsAt, placeText } from "../restoring.ts";
import { storedItem } from "../storage/item-record.ts";
import { readItem } from "../storage/item-store.ts";
import type { Item } from "../values/attribute-value.ts";
import { writtenItem } from "./item-text.ts";
import type { Extent } from "./model.ts";

/** One line of an export, and the size of the items in it. */
export interface ExportedLine {
  readonly text: string;
  readonly sizeBytes: number;
}
type Changes = Extract<Extent, { kind: "changes" }>;

/** A key that was written in the window: when for the last time, and what stood there before the first. */
interface Touched {
  readonly history: HistoryRecord;
  readonly lastAtMs: number;
}

async function touchedIn(tx: Reader, table: TableRecord, { fromMs, toMs }: Changes) {
  const touched = new Map<string, Touched>();
  /** What stood at each key when the window ended, where it was written again since. */
  const atEnd = new Map<string, StoredItem | undefined>();
  for await (const { value } of tx.scan<HistoryRecord>(spaces.history.range(table.id), { reverse: true })) {
    if (value.atMs < fromMs) break;
    const place = placeText(value);
    if (value.atMs >= toMs) atEnd.set(place, value.old && storedItem(value.old));
    else touched.set(place, { history: value, lastAtMs: touched.get(place)?.lastAtMs ?? value.atMs });
  }
  return { touched, atEnd };
}

const keysOf = (table: TableRecord, item: Item): Item =>
  Object.fromEntries(keyAttributes(table).map(({ name }) => [name, item[name] ?? {}]));

async function* changedLines(tx: Reader, table: TableRecord, extent: Changes): AsyncIterable<ExportedLine> {
  const { touched, atEnd } = await touchedIn(tx, table, extent);
  for (const [place, { history, lastAtMs }] of touched) {
    const old = history.old && storedItem(history.old);
    const next = atEnd.has(place) ? atEnd.get(place) : await readItem(tx, table, history);
    const known = next ?? old;
    // What came and went within the window leaves no trace.
    if (!known) continue;
    const showsOld = extent.view === "newAndOldImages" && old !== undefined;
    const line = {
      Metadata: { WriteTimestampMicros: { N: `${lastAtMs}000` } },
      Keys: writtenItem(keysOf(table, known.item)),
      ...(showsOld && { OldImage: writtenItem(old.item) }),
      ...(next && { NewImage: writtenItem(next.item) }),
    };
    const sizeBytes = (showsOld ? old.sizeBytes : 0) + (next?.sizeBytes ?? 0);
    yield { text: JSON.stringify(line), sizeBytes };
  }
}

/** What an export of this extent consists of, line by line. */
export async function* exportedLines(tx: Reader, table: TableRecord, extent: Extent): AsyncIterable<ExportedLine> {
  if (extent.kind === "changes") return yield* changedLines(tx, table, extent);
  for await (const [, { item, sizeBytes }] of itemsAt(tx, table, extent.atMs)) {
    yield { text: JSON.stringify({ Item: writtenItem(item) }), sizeBytes };
  }
}
