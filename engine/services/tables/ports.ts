import type { Readable } from "node:stream";
import type { StoredBody } from "../../kernel/blobs.ts";
import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";

interface ObjectRef {
  readonly bucket: string;
  /** Whose bucket it must be. */
  readonly expectedAccount?: string;
  readonly key: string;
}
export interface NewObject extends ObjectRef {
  readonly encryption?: { readonly kind: "provider" | "key"; readonly keyId?: string };
}

/** Where tables are exported to and imported from. */
export interface Ports {
  readonly objects: {
    store(tx: Reader, wanted: NewObject, bytes: Readable, ctx: OperationContext): Promise<StoredBody>;
    put(
      tx: Transaction,
      wanted: NewObject,
      body: StoredBody | Uint8Array,
      ctx: OperationContext,
    ): Promise<{ readonly etag: string }>;
    read(tx: Reader, ref: ObjectRef, ctx: OperationContext): Promise<Readable>;
    list(
      tx: Reader,
      ref: Omit<ObjectRef, "key"> & { readonly prefix: string; readonly after?: string },
      ctx: OperationContext,
    ): Promise<{
      readonly objects: readonly { readonly key: string; readonly sizeBytes: number }[];
      readonly isCut: boolean;
    }>;
  };
}
