import type { StoredBody } from "./blobs.ts";
import { startingWith } from "./key.ts";
import { storedBytesOf } from "./sealed-body.ts";
import type { Key, KeyRange, Reader, Transaction } from "./store.ts";

/** `[blobs, link, blobId, owner]` -> the blob's size in bytes. */
const LINKS: Key = ["blobs", "link"];

/** A record that uses a blob: the record's own key. */
export type BlobOwner = Key;

/**
 * Notes that the record `owner` uses this body, in the transaction that writes the record. Several records may share a
 * blob (copies); it is garbage when the last has let go. A body that is inline needs no note.
 */
export function linkBody(tx: Transaction, body: StoredBody, owner: BlobOwner): void {
  if (body.blobId !== undefined) tx.set([...LINKS, body.blobId, owner], storedBytesOf(body));
}

/** Takes the note back, in the transaction that deletes or replaces the record. */
export function unlinkBody(tx: Transaction, body: StoredBody, owner: BlobOwner): void {
  if (body.blobId !== undefined) tx.delete([...LINKS, body.blobId, owner]);
}

/** Where the uses of a blob are noted. */
export const linksOf = (blobId: string): KeyRange => startingWith([...LINKS, blobId]);

export async function isBlobLinked(reader: Reader, blobId: string): Promise<boolean> {
  return (await reader.range(linksOf(blobId), { limit: 1 })).length > 0;
}

/**
 * The next blob, by id, that some record uses, as a body that `BlobStore.open` takes; the first when no id is given.
 * Each blob once, however many records use it.
 */
export async function linkedBlobAfter(
  reader: Reader, blobId?: string): Promise<(StoredBody & { readonly blobId: string }) | undefined> {
  const all = startingWith(LINKS);
  const range = blobId === undefined ? all : { from: startingWith([...LINKS, blobId]).to, to: all.to };
  const [link] = await reader.range<number>(range, { limit: 1 });
  return link && { blobId: link.key[LINKS.length] as string, sizeBytes: link.value, digests: {} };
}
