import type { IConstruct } from "constructs";

const tagsOf = new WeakMap<IConstruct, Map<string, string | undefined>>();

/** Tags for everything in a part of an app. */
export class Tags {
  /**
   * The tags of a construct and everything in it that takes tags.
   * @param scope the construct
   */
  static of(scope: IConstruct): Tags {
    return new Tags(scope);
  }

  readonly #scope: IConstruct;

  private constructor(scope: IConstruct) {
    this.#scope = scope;
  }

  /**
   * Adds a tag. One that is set closer to a resource wins, and one that is set on the resource itself wins over all.
   * @param key its key
   * @param value its value; may hold tokens
   */
  add(key: string, value: string): void {
    this.#set(key, value);
  }

  /**
   * Takes a tag away that a construct further out has added.
   * @param key its key
   */
  remove(key: string): void {
    this.#set(key, undefined);
  }

  #set(key: string, value: string | undefined): void {
    const own = tagsOf.get(this.#scope) ?? new Map<string, string | undefined>();
    tagsOf.set(this.#scope, own.set(key, value));
  }
}

/** The tags that reach a construct, the outermost first. */
export function tagsInEffect(construct: IConstruct): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const scope of construct.node.scopes) {
    for (const [key, value] of tagsOf.get(scope) ?? []) {
      if (value === undefined) found.delete(key);
      else found.set(key, value);
    }
  }
  return found;
}
