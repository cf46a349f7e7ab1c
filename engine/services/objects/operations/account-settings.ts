import { Type } from "typebox";
import { operationUsing } from "../../operation.ts";
import { errors } from "../errors.ts";
import { keys, partitionOf } from "../model.ts";
import type { Ports } from "../ports.ts";
import { readAccountBlock } from "../public-access.ts";
import { publicAccess } from "../rules.ts";

const operation = operationUsing<Ports>();

/** What the caller's account says for all of its buckets, in every region. */
export const accountSettingOperations = {
  putAccountPublicAccessBlock: operation({
    summary: "Blocks public access to all buckets of the account.",
    input: publicAccess,
    output: Type.Object({}),
    effects: "write",
    errors: [],
    // oxlint-disable-next-line require-await -- operations are asynchronous
    async run(tx, input, ctx) {
      tx.set(keys.accountBlock.key(partitionOf(ctx.region), ctx.account), input);
      return {};
    },
  }),
  getAccountPublicAccessBlock: operation({
    summary: "Tells what the account blocks in all of its buckets.",
    input: Type.Object({}),
    output: publicAccess,
    effects: "read",
    errors: ["AccountBlockNotFound"],
    async run(tx, _input, ctx) {
      const block = await readAccountBlock(tx, ctx.region, ctx.account);
      if (block === undefined) throw errors.AccountBlockNotFound({ account: ctx.account });
      return block;
    },
  }),
  deleteAccountPublicAccessBlock: operation({
    summary: "Leaves it to each bucket again whom it lets in.",
    input: Type.Object({}),
    output: Type.Object({}),
    effects: "write",
    errors: [],
    // oxlint-disable-next-line require-await -- operations are asynchronous
    async run(tx, _input, ctx) {
      tx.delete(keys.accountBlock.key(partitionOf(ctx.region), ctx.account));
      return {};
    },
  }),
};
