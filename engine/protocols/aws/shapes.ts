import type { Member, Shape } from "./model.ts";

/** Sets an own property even for `__proto__`, which plain assignment would take for the prototype. */
export function setEntry(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** Compiles each shape once; a shape that contains itself gets a closure that waits for its own compilation. */
export function compiledPerShape<Compiled extends (...args: never[]) => unknown>(
  compile: (shape: Shape) => Compiled,
): (shape: Shape) => Compiled {
  const cache = new WeakMap<Shape, Compiled>();
  return (shape) => {
    const known = cache.get(shape);
    if (known !== undefined) return known;
    const late = (...args: never[]) => (cache.get(shape) as Compiled)(...args);
    cache.set(shape, late as Compiled);
    const compiled = compile(shape);
    cache.set(shape, compiled);
    return compiled;
  };
}

function childrenOf(shape: Shape): Shape[] {
  if (shape.type === "structure") return Array.from(shape.members.values(), (member) => member.shape);
  if (shape.type === "list") return [shape.member];
  return shape.type === "map" ? [shape.key, shape.value] : [];
}

/** True when `shape`, or anything it can contain, satisfies `test`. */
export function anyReachable(shape: Shape, test: (shape: Shape) => boolean): boolean {
  const seen = new Set<Shape>([shape]);
  for (const next of seen) {
    if (test(next)) return true;
    for (const child of childrenOf(next)) seen.add(child);
  }
  return false;
}

/** Remembers one computed fact per object, e.g. per operation or shape. */
export function remembered<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const cache = new WeakMap<K, V>();
  return (key) => {
    let value = cache.get(key);
    if (value === undefined) {
      value = compute(key);
      cache.set(key, value);
    }
    return value;
  };
}

export function isFlattened(member: Member): boolean {
  const { shape } = member;
  return member.isFlattened || ((shape.type === "list" || shape.type === "map") && shape.isFlattened);
}

/** The element or form name of a member. */
export function xmlNameOf(member: Member): string {
  return member.xmlName ?? member.wireName;
}
