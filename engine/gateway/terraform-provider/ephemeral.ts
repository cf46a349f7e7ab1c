import type { EphemeralResource } from "../../protocols/terraform/provider.ts";
import type { ProviderSession } from "./session.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH_DEFAULT = 32;
const LENGTH_MIN = 8;
const LENGTH_MAX = 4096;
/** Bytes from here on would make the first characters of the alphabet likelier than the others. */
const BYTE_END = 256 - (256 % ALPHABET.length);

/** A new secret in each run of Terraform, written into no plan and no state: for attributes that are write-only. */
export const secretResource: EphemeralResource<ProviderSession> = {
  schema: {
    version: 0,
    description: "A new secret of letters and digits in each run, kept nowhere; for attributes that are write-only.",
    attributes: {
      length: {
        type: "number",
        use: "optional",
        description: `How many characters, ${LENGTH_MIN} to ${LENGTH_MAX}; ${LENGTH_DEFAULT} when omitted.`,
      },
      value: { type: "string", use: "computed", isSensitive: true },
    },
  },
  open({ engine }, config) {
    const length = config["length"] ?? LENGTH_DEFAULT;
    if (typeof length !== "number" || !Number.isInteger(length) || length < LENGTH_MIN || length > LENGTH_MAX) {
      const summary = `A secret has ${LENGTH_MIN} to ${LENGTH_MAX} characters`;
      const diagnostics = [{ severity: "error" as const, summary, path: [{ attribute: "length" }] }];
      return Promise.resolve({ result: { length }, diagnostics });
    }
    let value = "";
    while (value.length < length) {
      const bytes = Buffer.from(engine.ids.hex(2 * (length - value.length)), "hex");
      for (const byte of bytes) if (byte < BYTE_END) value += ALPHABET[byte % ALPHABET.length];
    }
    return Promise.resolve({ result: { length: config["length"] ?? null, value } });
  },
};
