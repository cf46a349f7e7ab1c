import { crc32 } from "node:zlib";
import type { Changes } from "./backend.ts";
import { decodeRecord, encodeRecord } from "./record-format.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/**
 * How commits lie in the log. A batch is a head and its changes, one after the other:
 *
 *     head    marker u32, bytes of the changes u32, CRC-32 of all that follows u32, sequence f64, last position f64
 *     write   key bytes u32, value bytes u32, key, value (as in `record-format.ts`)
 *     delete  key bytes u32, 0xffffffff, key
 *     clear   0x80000000 + bytes of `from` u32, bytes of `to` u32, from, to
 *
 * Sequences count up by one. A log file is used again without being emptied: what a batch of an earlier round left
 * behind the last one has a lower sequence, and what a power cut left half-written has another checksum, so both end
 * the log.
 */
const MARKER = 0x43534c31;
const HEAD_BYTES = 28;
const CHECKED_FROM = 12;
const DELETED = 0xffffffff;
const CLEAR = 0x80000000;
const FIRST_BYTES = 256 * 1024;
/** A buffer that grew above this for one large batch is not kept. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024;

/** Gathers the changes of one batch as bytes. */
export class BatchWriter {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private end = HEAD_BYTES;

  get isEmpty(): boolean {
    return this.end === HEAD_BYTES;
  }

  clear({ from, to }: KeyRange): void {
    this.reserve(8 + from.length + to.length);
    this.number(CLEAR + from.length);
    this.number(to.length);
    this.text(from);
    this.text(to);
  }

  /** Undefined deletes. */
  write(key: EncodedKey, value: unknown): void {
    const record = value === undefined ? undefined : encodeRecord(value);
    const valueBytes = record === undefined ? 0 : record.length;
    this.reserve(8 + key.length + valueBytes);
    this.number(key.length);
    this.number(record === undefined ? DELETED : valueBytes);
    this.text(key);
    if (record !== undefined) {
      this.bytes.set(record, this.end);
      this.end += valueBytes;
    }
  }

  /** The whole batch; valid until the next call of anything here. */
  finish(sequence: number, lastPosition: number): Buffer {
    const { bytes, end } = this;
    bytes.writeUInt32LE(MARKER, 0);
    bytes.writeUInt32LE(end - HEAD_BYTES, 4);
    bytes.writeDoubleLE(sequence, 12);
    bytes.writeDoubleLE(lastPosition, 20);
    bytes.writeUInt32LE(crc32(bytes.subarray(CHECKED_FROM, end)), 8);
    return bytes.subarray(0, end);
  }

  reset(): void {
    this.end = HEAD_BYTES;
    if (this.bytes.length > KEPT_BYTES_MAX) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  private reserve(more: number): void {
    const wanted = this.end + more;
    if (wanted <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }

  private number(value: number): void {
    this.bytes.writeUInt32LE(value, this.end);
    this.end += 4;
  }

  private text(key: EncodedKey): void {
    this.bytes.write(key, this.end, "latin1");
    this.end += key.length;
  }
}

export interface LoggedBatch {
  readonly sequence: number;
  readonly lastPosition: number;
  readonly changes: Changes;
  /** Where the next batch begins. */
  readonly endBytes: number;
}

/** The batch at `start`, or undefined where the log ends. */
export function readBatch(log: Buffer, start: number): LoggedBatch | undefined {
  if (start + HEAD_BYTES > log.length || log.readUInt32LE(start) !== MARKER) return undefined;
  const endBytes = start + HEAD_BYTES + log.readUInt32LE(start + 4);
  if (endBytes > log.length) return undefined;
  if (crc32(log.subarray(start + CHECKED_FROM, endBytes)) !== log.readUInt32LE(start + 8)) return undefined;
  return {
    sequence: log.readDoubleLE(start + 12),
    lastPosition: log.readDoubleLE(start + 20),
    changes: readChanges(log, start + HEAD_BYTES, endBytes),
    endBytes,
  };
}

/** Of several transactions: a clear after a write has removed it, a write after a clear stands. */
function readChanges(log: Buffer, start: number, end: number): Changes {
  const writes = new Map<EncodedKey, unknown>();
  const clears: KeyRange[] = [];
  let at = start;
  const text = (length: number) => {
    at += length;
    return log.toString("latin1", at - length, at) as EncodedKey;
  };
  while (at < end) {
    const first = log.readUInt32LE(at);
    const second = log.readUInt32LE(at + 4);
    at += 8;
    if (first >= CLEAR) {
      const range = { from: text(first - CLEAR), to: text(second) };
      for (const key of writes.keys()) if (key >= range.from && key < range.to) writes.delete(key);
      clears.push(range);
    } else {
      const key = text(first);
      const isDeleted = second === DELETED;
      writes.set(key, isDeleted ? undefined : decodeRecord(log.subarray(at, at + second)));
      if (!isDeleted) at += second;
    }
  }
  return { writes, clears };
}
