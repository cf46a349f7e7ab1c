/** A block of IPv6 addresses: `first` is the first address as a number, `prefix` the length of its mask. */
export interface Ipv6Range {
  readonly first: bigint;
  readonly prefix: number;
}

const GROUPS = 8;
const BITS = 128;

/** Reads `2001:db8::/32`; undefined when it is not a block. */
export function parseIpv6Range(text: string): Ipv6Range | undefined {
  const [, address, mask] = /^([0-9a-fA-F:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const first = address === undefined ? undefined : parseAddress(address);
  const prefix = Number(mask);
  if (first === undefined || prefix > BITS || first % (1n << BigInt(BITS - prefix)) !== 0n) return undefined;
  return { first, prefix };
}

const groupsOf = (part: string) => (part === "" ? [] : part.split(":"));

function parseAddress(text: string): bigint | undefined {
  const [before = "", after, ...more] = text.split("::");
  const [head, tail] = [groupsOf(before), after === undefined ? [] : groupsOf(after)];
  const missing = GROUPS - head.length - tail.length;
  if (more.length > 0 || (after === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((address, group) => (address << 16n) + BigInt(`0x${group}`), 0n);
}

/** As RFC 5952 writes it: the longest run of two or more zero groups, the first of them, is `::`. */
export function formatIpv6Range({ first, prefix }: Ipv6Range): string {
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    Number((first >> BigInt(16 * (GROUPS - 1 - index))) & 0xffffn).toString(16),
  );
  const runs = [...groups.join(":").matchAll(/(?<![^:])0(?::0(?![^:]))+/g)];
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0];
  const whole = groups.join(":");
  if (!longest) return `${whole}/${prefix}`;
  const head = whole.slice(0, longest.index).replace(/:$/, "");
  const tail = whole.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${head}::${tail}/${prefix}`;
}

/** The `index`-th block of `prefix` in `within`, or undefined past its end. */
export function nthIpv6Block(within: Ipv6Range, prefix: number, index: number): Ipv6Range | undefined {
  if (prefix < within.prefix || BigInt(index) >= 1n << BigInt(prefix - within.prefix)) return undefined;
  return { first: within.first + (BigInt(index) << BigInt(BITS - prefix)), prefix };
}
