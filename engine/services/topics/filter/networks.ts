/** A block of addresses: those whose bits left of the mask's end are these. */
export interface Network {
  readonly bits: 32 | 128;
  readonly start: bigint;
  readonly maskBits: number;
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const V6_GROUPS = 8;

function v4Of(text: string): bigint | undefined {
  const bytes = V4.exec(text)?.slice(1).map(Number);
  if (bytes === undefined || bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

const groupsOf = (part: string) => (part === "" ? [] : part.split(":"));

/** `::` stands, once, for as many groups of zeros as are missing. */
function v6Of(text: string): bigint | undefined {
  const [left = "", right, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const before = groupsOf(left);
  const behind = right === undefined ? [] : groupsOf(right);
  const missing = V6_GROUPS - before.length - behind.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(right === undefined ? 0 : missing).fill("0"), ...behind];
  if (!groups.every((group) => GROUP.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function addressOf(text: string): { readonly bits: 32 | 128; readonly value: bigint } | undefined {
  const bits = text.includes(":") ? 128 : 32;
  const value = bits === 32 ? v4Of(text) : v6Of(text);
  return value === undefined ? undefined : { bits, value };
}

/** `10.0.0.0/24`, `2001:db8::/32`; undefined for what is no block. */
export function networkOf(text: string): Network | undefined {
  const [start = "", mask = "", ...more] = text.split("/");
  const address = addressOf(start);
  const maskBits = /^\d{1,3}$/.test(mask) ? Number(mask) : Number.NaN;
  if (address === undefined || more.length > 0 || !(maskBits <= address.bits)) return undefined;
  return { bits: address.bits, start: address.value, maskBits };
}

export function isInNetwork({ bits, start, maskBits }: Network, text: string): boolean {
  const address = addressOf(text);
  const hostBits = BigInt(bits - maskBits);
  return address?.bits === bits && address.value >> hostBits === start >> hostBits;
}
