import { invariant } from "../platform/invariant.ts";

/**
 * What the store keeps of a value: the value itself, deeply frozen, so that the cache can hand it out without a copy.
 * Bytes cannot be frozen, and are often a small view of a large network buffer, so the parts that hold them are copied.
 * What msgpack could not give back as it was is refused here, at the `set` that brings it, and alike for every driver.
 */
export function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    invariant(value !== undefined && typeof value !== "function" && typeof value !== "symbol",
      `a stored value is plain, but a ${typeof value} was given`);
    return value;
  }
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (value instanceof Date) return Object.freeze(value);
  return Array.isArray(value) ? frozenArray(value) : frozenObject(value as Record<string, unknown>);
}

function frozenArray(source: readonly unknown[]): readonly unknown[] {
  let kept: readonly unknown[] = source;
  for (let i = 0; i < source.length; i++) {
    const part = frozen(source[i]);
    if (part === source[i]) continue;
    if (kept === source) kept = source.slice();
    (kept as unknown[])[i] = part;
  }
  return Object.freeze(kept);
}

function frozenObject(source: Record<string, unknown>): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(source);
  invariant(prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null,
    `a stored value is plain, but a ${source.constructor?.name} was given`);
  let kept = source;
  for (const name in source) {
    // Absent and undefined are the same to a record's reader.
    const value = source[name];
    if (value === undefined || typeof value === "string" || typeof value === "number") continue;
    const part = frozen(value);
    if (part === value) continue;
    if (kept === source) kept = { ...source };
    kept[name] = part;
  }
  invariant(!Object.hasOwn(source, "__proto__"), `a stored value has no property named "__proto__"`);
  return Object.freeze(kept);
}

/** Freezes what was just decoded, which nobody else holds yet. */
export function freezeDecoded(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) for (const part of value) freezeDecoded(part);
  else for (const name in value) freezeDecoded((value as Record<string, unknown>)[name]);
  return Object.freeze(value);
}
