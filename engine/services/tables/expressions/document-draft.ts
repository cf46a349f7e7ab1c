import { errors } from "../errors.ts";
import { refuseUnsafeName, type AttributeValue, type Item } from "../values/attribute-value.ts";
import type { Path } from "./tree.ts";

type MutableMap = Record<string, AttributeValue>;
interface ListChanges {
  readonly list: (AttributeValue | undefined)[];
  /** Written at or past the end: they close up in the order of their indexes. */
  readonly beyond: { readonly index: number; readonly value: AttributeValue }[];
}
type Container = { readonly map: MutableMap } | ListChanges;

const invalidPath = () =>
  errors.UpdateNotApplicable({ reason: "The document path provided in the update expression is invalid for update" });

/** A copy of an item that is made step by step: only the containers on a written path are copied, each once. */
export class DocumentDraft {
  private readonly root: MutableMap;
  /** Copies made so far, by the path they stand at. */
  private readonly copies = new Map<string, Container>();
  private readonly closing: (() => void)[] = [];

  constructor(item: Item) {
    this.root = { ...item };
    this.copies.set("[]", { map: this.root });
  }

  private child(container: Container, step: string | number): AttributeValue | undefined {
    if ("map" in container)
      return typeof step === "string" && Object.hasOwn(container.map, step) ? container.map[step] : undefined;
    return typeof step === "number" ? container.list[step] : undefined;
  }

  private copyAt(path: Path): Container {
    const key = JSON.stringify(path);
    const known = this.copies.get(key);
    if (known) return known;
    const parent = this.copyAt(path.slice(0, -1));
    const step = path.at(-1) as string | number;
    const value = this.child(parent, step);
    let copy: Container;
    let replacement: AttributeValue;
    if (value?.M) {
      copy = { map: { ...value.M } };
      replacement = { M: copy.map };
    } else if (value?.L) {
      copy = { list: [...value.L], beyond: [] };
      const changes = copy;
      const closed: { L: AttributeValue[] } = { L: [] };
      replacement = closed;
      this.closing.push(() => {
        const appended = changes.beyond.sort((a, b) => a.index - b.index).map((entry) => entry.value);
        closed.L.push(...changes.list.filter((element) => element !== undefined), ...appended);
      });
    } else throw invalidPath();
    if ("map" in parent) parent.map[step as string] = replacement;
    else parent.list[step as number] = replacement;
    this.copies.set(key, copy);
    return copy;
  }

  /** Errors: `UpdateNotApplicable` when the parent is missing or of another kind. */
  set(path: Path, value: AttributeValue): void {
    const parent = this.copyAt(path.slice(0, -1));
    const step = path.at(-1) as string | number;
    if ("map" in parent) {
      if (typeof step !== "string") throw invalidPath();
      refuseUnsafeName(step);
      parent.map[step] = value;
    } else if (typeof step !== "number") throw invalidPath();
    else if (step < parent.list.length) parent.list[step] = value;
    else parent.beyond.push({ index: step, value });
  }

  /** Removes what is there; a missing attribute or element is no failure, a missing parent is. */
  remove(path: Path): void {
    const parent = this.copyAt(path.slice(0, -1));
    const step = path.at(-1) as string | number;
    if ("map" in parent) {
      if (typeof step !== "string") throw invalidPath();
      delete parent.map[step];
    } else if (typeof step !== "number") throw invalidPath();
    else if (step < parent.list.length) parent.list[step] = undefined;
  }

  finish(): Item {
    for (const close of this.closing) close();
    return this.root;
  }
}
