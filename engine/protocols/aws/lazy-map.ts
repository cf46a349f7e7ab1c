/** A map whose values are made when first asked for. */
export class LazyMap<V> implements ReadonlyMap<string, V> {
  readonly #keys: ReadonlyMap<string, unknown>;
  readonly #make: (key: string) => V;
  readonly #made = new Map<string, V>();

  /** `make` is called at most once for each key of `keys`. */
  constructor(keys: ReadonlyMap<string, unknown>, make: (key: string) => V) {
    this.#keys = keys;
    this.#make = make;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  get(key: string): V | undefined {
    const known = this.#made.get(key);
    if (known !== undefined || !this.#keys.has(key)) return known;
    const value = this.#make(key);
    this.#made.set(key, value);
    return value;
  }

  keys(): MapIterator<string> {
    return this.#keys.keys() as MapIterator<string>;
  }

  *entries(): MapIterator<[string, V]> {
    for (const key of this.#keys.keys()) yield [key, this.get(key) as V];
  }

  *values(): MapIterator<V> {
    for (const key of this.#keys.keys()) yield this.get(key) as V;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}
