import type { Key, Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";

/** The phones whose owners want no texts. */
export const silenced = ({ account, region }: Scope, ...number: string[]): Key =>
  ["topics", "silenced", account, region, ...number];

export const isSilenced = async (tx: Reader, scope: Scope, number: string): Promise<boolean> =>
  (await tx.get(silenced(scope, number))) !== undefined;
