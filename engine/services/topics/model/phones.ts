import type { Key, Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { textSenderOf, type Content } from "./message.ts";

/** The phones whose owners want no texts. */
export const silenced = ({ account, region }: Scope, ...number: string[]): Key =>
  ["topics", "silenced", account, region, ...number];

export const isSilenced = async (tx: Reader, scope: Scope, number: string): Promise<boolean> =>
  (await tx.get(silenced(scope, number))) !== undefined;

/** How texts are sent unless their publisher says otherwise, by the cloud's own names of settings. */
export const textSettings = ({ account, region }: Scope): Key => ["topics", "textSettings", account, region];

/** Whom a text comes from: whom its publisher names, else whom the account has set. */
export async function textSender(tx: Reader, scope: Scope, content: Content): Promise<string | undefined> {
  const settings = await tx.get<Record<string, string>>(textSettings(scope));
  return textSenderOf(content) ?? settings?.["DefaultSenderID"];
}
