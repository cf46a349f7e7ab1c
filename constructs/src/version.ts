import { readFileSync } from "node:fs";

/** The version that `package.json` has, beside the folder that this file is in. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
