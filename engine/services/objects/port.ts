import type { Readable } from "node:stream";
import type { Static } from "typebox";
import type { StoredBody } from "../../kernel/blobs.ts";
import { openBody } from "../../kernel/joined-body.ts";
import { writeSealed } from "../../kernel/sealed-body.ts";
import type { Reader, Transaction } from "../../kernel/store.ts";
import { invariant } from "../../platform/invariant.ts";
import type { OperationContext } from "../context.ts";
import { requireBucket, type BucketRef } from "./bucket-access.ts";
import { digestersFor, digestsOf } from "./digests.ts";
import type { ContentHeaders, Encryption } from "./model.ts";
import { listingOperations } from "./operations/listings.ts";
import { objectOperations } from "./operations/objects.ts";
import type { accessList } from "./schemas.ts";
import { sealFor } from "./sealing.ts";

interface NewObject extends BucketRef {
  readonly key: string;
  readonly encryption?: Encryption;
  readonly headers?: ContentHeaders;
  readonly accessList?: Static<typeof accessList>;
}

interface Listed {
  readonly objects: readonly { readonly key: string; readonly sizeBytes: number }[];
  readonly isCut: boolean;
}

function blobsOf({ blobs }: OperationContext) {
  invariant(blobs, "whoever reads and writes objects has the store of their bodies");
  return blobs;
}

/** Objects as other services write and read them: under the rules that hold for everybody. */
export const objectsPort = {
  /** Stores the bytes of an object that is yet to be put. Errors: `BucketNotFound`, `BucketOfAnotherAccount` */
  async store(tx: Reader, wanted: NewObject, bytes: Readable, ctx: OperationContext): Promise<StoredBody> {
    const bucket = await requireBucket(tx, ctx, wanted, { action: "PutObject", key: wanted.key });
    const seal = sealFor(ctx.random, bucket, wanted.encryption, undefined);
    return seal ? writeSealed(blobsOf(ctx), bytes, digestersFor(), seal) : blobsOf(ctx).write(bytes, digestersFor());
  },

  /** Puts an object; `body` is what `store` gave, or bytes that are few. */
  async put(
    tx: Transaction,
    { expectedAccount, ...wanted }: NewObject,
    body: StoredBody | Uint8Array,
    ctx: OperationContext,
  ): Promise<{ readonly etag: string }> {
    const stored: StoredBody =
      body instanceof Uint8Array
        ? { sizeBytes: body.byteLength, inline: body, digests: digestsOf(body) }
        : body;
    const input = expectedAccount === undefined ? wanted : { ...wanted, expectedAccount };
    return objectOperations.putObject.run(tx, input, { ...ctx, body: stored });
  },

  /** An object's bytes. */
  async read(tx: Reader, ref: BucketRef & { readonly key: string }, ctx: OperationContext): Promise<Readable> {
    const { body } = await objectOperations.getObject.run(tx, ref, ctx);
    invariant(body, "an object that is found has a body");
    return openBody(blobsOf(ctx), body);
  },

  /** The keys that start with `prefix`, in their order, a page at a time. */
  async list(
    tx: Reader,
    ref: BucketRef & { readonly prefix: string; readonly after?: string },
    ctx: OperationContext,
  ): Promise<Listed> {
    return listingOperations.listObjects.run(tx, ref, ctx);
  },
};
