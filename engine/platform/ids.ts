import type { Random } from "./random.ts";

/** Names for new things, all drawn from one injected source. */
export interface Ids {
  /** `count` lower-case hexadecimal digits. */
  hex(count: number): string;
  /** A prefixed id in the clouds' common form, e.g. `vpc-0f3a9c1e2b4d5a697`. */
  prefixed(prefix: string): string;
  /** A version 4 UUID. */
  uuid(): string;
  /** `count` characters out of `A-Z0-9`. */
  upper(count: number): string;
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

export function idsFrom(random: Random): Ids {
  const hex = (count: number) =>
    random
      .bytes(Math.ceil(count / 2))
      .toString("hex")
      .slice(0, count);
  return {
    hex,
    prefixed: (prefix) => `${prefix}-0${hex(16)}`,
    uuid() {
      const h = hex(32);
      const variant = "89ab"[Number.parseInt(h[16] ?? "0", 16) & 3];
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
    },
    upper: (count) => Array.from(random.bytes(count), (byte) => UPPER[byte % UPPER.length]).join(""),
  };
}
