import { invariant } from "../platform/invariant.ts";

/** A block of IPv4 addresses: `first` is the first address as an unsigned number, `prefix` the length of its mask. */
export interface Ipv4Range {
  readonly first: number;
  readonly prefix: number;
}

/** Why a text is not a block: it is not one at all, or bits are set to the right of the mask. */
export type Ipv4RangeFault = "malformed" | "hostBits";

const BLOCK = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** How many addresses a block of this prefix has. */
export const sizeOf = (prefix: number): number => 2 ** (32 - prefix);

export const lastOf = (range: Ipv4Range): number => range.first + sizeOf(range.prefix) - 1;

/** Reads `10.0.0.0/16`; says why when it is not a block. */
export function parseIpv4Range(text: string): Ipv4Range | Ipv4RangeFault {
  const match = BLOCK.exec(text);
  if (!match) return "malformed";
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return "malformed";
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return first % sizeOf(prefix) === 0 ? { first, prefix } : "hostBits";
}

const formatIpv4 = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

export const formatIpv4Range = (range: Ipv4Range): string => `${formatIpv4(range.first)}/${range.prefix}`;

/** The block of `prefix` that the address stands in: what a text with host bits probably meant. */
export const alignedRange = (address: number, prefix: number): Ipv4Range =>
  ({ first: Math.floor(address / sizeOf(prefix)) * sizeOf(prefix), prefix });

export const overlaps = (a: Ipv4Range, b: Ipv4Range): boolean => a.first <= lastOf(b) && b.first <= lastOf(a);

export const contains = (outer: Ipv4Range, inner: Ipv4Range): boolean =>
  outer.first <= inner.first && lastOf(inner) <= lastOf(outer);

/** The first block of `prefix` in `within` that meets none of `taken`. */
export function firstFree(within: Ipv4Range, prefix: number, taken: readonly Ipv4Range[]): Ipv4Range | undefined {
  invariant(prefix >= within.prefix, "a block is not larger than the block it is cut from");
  const inOrder = taken.filter((range) => overlaps(range, within)).sort((a, b) => a.first - b.first);
  const size = sizeOf(prefix);
  let first = within.first;
  for (const range of inOrder) {
    if (first + size <= range.first) break;
    // Blocks are aligned to their own size, so the next candidate is the next multiple after what is taken.
    first = Math.max(first, Math.ceil((lastOf(range) + 1) / size) * size);
  }
  return first + size - 1 <= lastOf(within) ? { first, prefix } : undefined;
}

/** The `index`-th block of `prefix` in `within`, or undefined past its end. */
export function nthBlock(within: Ipv4Range, prefix: number, index: number): Ipv4Range | undefined {
  if (prefix < within.prefix) return undefined;
  const first = within.first + index * sizeOf(prefix);
  return first <= lastOf(within) ? { first, prefix } : undefined;
}
