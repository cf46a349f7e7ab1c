import { Packr } from "msgpackr";

/**
 * One file with everything: a line that names the format, then sections
 * `kind (1 byte), length (4 bytes), payload, SHA-256 of those (32 bytes)`, the last of kind `end` with their number.
 * Read and written as a stream; a section holds at most a mebibyte or one record.
 */
export const MAGIC = "CLOUDSTACKS SNAPSHOT 1\n";
const MAGIC_FAMILY = /^CLOUDSTACKS SNAPSHOT (\d+)\n/;
export const KINDS = ["header", "blob", "bytes", "entries", "end"] as const;
export type Kind = (typeof KINDS)[number];
/** Above what one record can be; a larger length is damage, not data. */
export const SECTION_BYTES_MAX = 512 * 1024 * 1024;
export const DIGEST_BYTES = 32;

export const packr = new Packr({ useRecords: false, useBigIntExtension: true });

/** The file is not a snapshot, or not one that can be trusted. Nothing was changed. */
export class SnapshotRefused extends Error {
  override name = "SnapshotRefused";
}

/** Refuses what does not begin as a snapshot that this engine reads. */
export function mustBeSnapshot(file: string, beginning: string): void {
  if (beginning === MAGIC) return;
  const version = MAGIC_FAMILY.exec(beginning)?.[1];
  throw new SnapshotRefused(version === undefined ? `${file} is not a CloudStacks snapshot; nothing was changed.`
    : `${file} has snapshot format ${version}, but this engine reads format 1; nothing was changed. `
      + "Use a newer engine.");
}
