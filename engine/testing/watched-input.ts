import type { MapShape, Shape, StructureShape } from "../protocols/aws/model.ts";

/** What code did with a wire input: the paths it read, and the structures it passed on whole. */
export class InputWatch {
  readonly read = new Set<string>();
  readonly passedOn = new Set<string>();
  readonly #pathOf = new WeakMap<object, string>();

  /** `value` with every structure in it watched. Lists and maps are transparent: `Entries.Id`. */
  watch(value: unknown, shape: Shape, path = ""): unknown {
    if (value === undefined) return undefined;
    switch (shape.type) {
      case "structure":
        return this.#structure(value as Record<string, unknown>, shape, path);
      case "list":
        return (value as unknown[]).map((each) => this.watch(each, shape.member, path));
      case "map":
        return Object.fromEntries(
          Object.entries(value as object).map(([key, each]) => [key, this.watch(each, shape.value, path)]),
        );
      default:
        return value;
    }
  }

  #structure(value: Record<string, unknown>, shape: StructureShape, path: string): unknown {
    const members = new Map<string, unknown>();
    for (const { name, shape: inner } of shape.members.values())
      if (name in value) members.set(name, this.watch(value[name], inner, pathOf(path, name)));
    const watched = new Proxy(Object.fromEntries(members), {
      get: (target, name, receiver) => {
        if (typeof name === "string" && shape.members.has(name)) this.read.add(pathOf(path, name));
        return Reflect.get(target, name, receiver);
      },
    });
    this.#pathOf.set(watched, path);
    return watched;
  }

  /** Looks for watched structures in what the code made of its input. */
  follow(result: unknown, seen = new Set<unknown>()): void {
    if (typeof result !== "object" || result === null || seen.has(result) || ArrayBuffer.isView(result)) return;
    seen.add(result);
    const path = this.#pathOf.get(result);
    if (path === undefined) for (const inner of Object.values(result)) this.follow(inner, seen);
    else this.passedOn.add(path);
  }
}

export const pathOf = (parent: string, name: string): string => (parent === "" ? name : `${parent}.${name}`);

export interface MemberPath {
  readonly path: string;
  readonly parent: string;
}

/** Every member of a structure and of the structures in it; what holds itself is followed once. */
export function memberPaths(shape: Shape, parent = "", above: readonly string[] = []): MemberPath[] {
  if (shape.type === "list") return memberPaths(shape.member, parent, above);
  if (shape.type === "map") return memberPaths(shape.value, parent, above);
  if (shape.type !== "structure" || above.includes(shape.name)) return [];
  return [...shape.members.values()].flatMap(({ name, shape: inner }) => {
    const path = pathOf(parent, name);
    return [{ path, parent }, ...memberPaths(inner, path, [...above, shape.name])];
  });
}

const TEXTS: Readonly<Record<string, string>> = {
  DataType: "String",
  QueueUrl: "http://localhost:4566/000000000000/jobs",
  CopySource: "bucket/key",
  CopySourceRange: "bytes=0-9",
  ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==",
  SSECustomerAlgorithm: "AES256",
  PartNumberMarker: "1",
  EncodingType: "url",
  URI: "http://acs.amazonaws.com/groups/global/AllUsers",
};

/**
 * The smallest input with a member at `path`, and the required members; with `path` `*`, the one with every member.
 */
export function inputWith(shape: Shape, path: string, name = "", above: readonly string[] = []): unknown {
  switch (shape.type) {
    case "structure": {
      const [wanted, ...rest] = path.split(".");
      const value: Record<string, unknown> = {};
      for (const member of shape.members.values()) {
        const isWanted = path === "*" ? !above.includes(shape.name) : member.name === wanted;
        if (!isWanted && !shape.required.includes(member.name)) continue;
        const below = path === "*" ? "*" : isWanted ? rest.join(".") : "";
        value[member.name] = inputWith(member.shape, below, member.name, [...above, shape.name]);
      }
      return value;
    }
    case "list":
      return [inputWith(shape.member, path, name, above)];
    case "map":
      return { [keyOf(shape)]: inputWith(shape.value, path, name, above) };
    case "boolean":
      return true;
    case "blob":
      return Buffer.from("bytes");
    case "timestamp":
      return new Date(1_900_000_000_000);
    case "string":
    case "character":
      return name.startsWith("Grant") ? 'id="someone"' : (TEXTS[name] ?? shape.enum?.[0] ?? "text");
    default:
      return 1;
  }
}

const keyOf = ({ key }: MapShape): string => (key.type === "string" ? key.enum?.[0] : undefined) ?? "key";
