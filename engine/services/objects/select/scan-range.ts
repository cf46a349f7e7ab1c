/** Both ends inclusive. Only an end: so many bytes at the end of the object. */
export interface ScanRange {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** A range in bytes from the object's beginning. */
function absolute({ start, end }: ScanRange, sizeBytes: number): { first: number; last: number } {
  if (start === undefined) return { first: Math.max(0, sizeBytes - (end ?? sizeBytes)), last: sizeBytes };
  return { first: start, last: end ?? sizeBytes };
}

export interface RecordsWanted {
  readonly range: ScanRange;
  readonly sizeBytes: number;
  readonly delimiter: string;
  /** The first record names the columns and is read wherever the range begins. */
  readonly hasHeader: boolean;
}

/**
 * The bytes of the records whose first byte lies in the range, so that ranges side by side read each record once.
 * A delimiter ends a record wherever it stands: quotes are not looked at.
 */
export async function* recordsWithin(
  chunks: AsyncIterable<Uint8Array>,
  { range, sizeBytes, delimiter, hasHeader }: RecordsWanted,
): AsyncGenerator<Uint8Array> {
  const { first, last } = absolute(range, sizeBytes);
  const sign = Buffer.from(delimiter);
  const isWanted = (at: number) => (at >= first && at <= last) || (hasHeader && at === 0);
  let recordAt = 0;
  let readTo = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const bytesAt = readTo - rest.length;
    readTo += chunk.byteLength;
    let from = 0;
    for (let found = bytes.indexOf(sign); found !== -1; found = bytes.indexOf(sign, from)) {
      const end = found + sign.length;
      if (isWanted(recordAt)) yield bytes.subarray(from, end);
      from = end;
      recordAt = bytesAt + end;
      if (recordAt > last) return;
    }
    // A delimiter may be cut at the end of a chunk.
    const held = Math.max(from, bytes.length - sign.length + 1);
    if (isWanted(recordAt)) yield bytes.subarray(from, held);
    rest = bytes.subarray(held);
  }
  if (isWanted(recordAt)) yield rest;
}
