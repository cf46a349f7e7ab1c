import { records, subspace } from "../../kernel/subspace.ts";

/** What was declared under a type and an id. */
export interface Declaration {
  readonly version: 1;
  readonly type: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const declarationSpace =
  subspace<[account: string, region: string, type: string, id: string]>("declarations", "declaration");
export const declarationRecords = records<Declaration, [string, string, string, string]>(declarationSpace);
export const PAGE_MAX = 1000;
