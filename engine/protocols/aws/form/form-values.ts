import type { ListShape, MapShape, Member, Shape, StructureShape } from "../model.ts";
import { DEPTH_MAX, malformed } from "../malformed.ts";
import { compiledPerShape, isFlattened, setEntry } from "../shapes.ts";
import { textReader } from "../text-values.ts";

/** A form whose dotted names (`Tag.1.Key`) have been split: one node per name part. */
export interface FormNode {
  value?: string;
  children?: Map<string, FormNode>;
}

/** How the two form protocols differ in the names they give. */
export interface FormStyle {
  nameOf(member: Member): string;
  /** ec2 numbers every list directly (`Filter.1`); query puts the member name between (`Filters.member.1`). */
  readonly numbersListsDirectly: boolean;
}

type ReadNode = (node: FormNode) => unknown;

export function formTree(form: URLSearchParams): FormNode {
  const root: FormNode = {};
  for (const [name, value] of form) {
    let node = root;
    const parts = name.split(".");
    if (parts.length > DEPTH_MAX) malformed("A parameter name is nested too deeply.");
    for (const part of parts) {
      const children = (node.children ??= new Map<string, FormNode>());
      let child = children.get(part);
      if (child === undefined) children.set(part, (child = {}));
      node = child;
    }
    node.value = value;
  }
  return root;
}

/** Numbered children in the order of their numbers; an empty value stands for an empty list. */
function numbered(node: FormNode | undefined): FormNode[] {
  if (node?.children === undefined) return [];
  const rows = Array.from(node.children, ([number, child]) => ({ number: Number(number), child }));
  if (rows.some((row) => !Number.isSafeInteger(row.number))) malformed("A list has a member without a number.");
  return rows.sort((a, b) => a.number - b.number).map((row) => row.child);
}

const HAS_MEMBERS: ReadonlySet<Shape["type"]> = new Set(["structure", "list", "map"]);

function scalarReader(shape: Shape, member?: Member): ReadNode {
  const read = textReader(shape, member, "iso8601");
  return (node) =>
    node.value === undefined ? malformed("A value has members where text was expected.") : read(node.value);
}

/** Builds the readers of one form protocol. */
export function formReaders(style: FormStyle): (shape: Shape) => ReadNode {
  const readerOf = compiledPerShape<ReadNode>((shape) => {
    if (shape.type === "structure") return structureReader(shape);
    if (shape.type === "list") return listReader(shape, style.numbersListsDirectly ? undefined : shape.memberWireName);
    return shape.type === "map" ? mapReader(shape, "entry") : scalarReader(shape);
  });

  function memberReader(member: Member): ReadNode {
    const { shape } = member;
    if (shape.type === "timestamp") return scalarReader(shape, member);
    if (isFlattened(member) && shape.type === "list") return listReader(shape, undefined);
    return isFlattened(member) && shape.type === "map" ? mapReader(shape, undefined) : readerOf(shape);
  }

  function structureReader(shape: StructureShape): ReadNode {
    const members = new Map<string, { name: string; read: ReadNode }>();
    for (const member of shape.members.values()) {
      members.set(style.nameOf(member), { name: member.name, read: memberReader(member) });
    }
    // botocore writes an empty flattened list under the member's own name (`Entries=`), others under its wire name.
    for (const member of shape.members.values()) {
      if (isFlattened(member) && !members.has(member.name))
        members.set(member.name, { name: member.name, read: memberReader(member) });
    }
    return (node) => {
      const into: Record<string, unknown> = {};
      // Names that the model does not know (`Action`, `Version`, signature parameters) are no members.
      for (const [name, child] of node.children ?? []) {
        const member = members.get(name);
        if (member !== undefined) into[member.name] = member.read(child);
      }
      return into;
    };
  }

  // A list of one needs no number: `AttributeName=All`, `Attribute.Name=DelaySeconds&Attribute.Value=5`.
  function listReader(shape: ListShape, between: string | undefined): ReadNode {
    const read = readerOf(shape.member);
    const isPlain = !HAS_MEMBERS.has(shape.member.type);
    return (node) => {
      const list = between === undefined ? node : node.children?.get(between);
      return (isPlain && list?.value ? [list] : numbered(list)).map(read);
    };
  }

  function mapReader(shape: MapShape, between: string | undefined): ReadNode {
    const readKey = readerOf(shape.key);
    const readValue = readerOf(shape.value);
    return (node) => {
      const into: Record<string, unknown> = {};
      const list = between === undefined ? node : node.children?.get(between);
      for (const entry of list?.children?.has(shape.keyWireName) ? [list] : numbered(list)) {
        const key = entry.children?.get(shape.keyWireName) ?? malformed("A map entry has no key.");
        const value = entry.children?.get(shape.valueWireName) ?? malformed("A map entry has no value.");
        setEntry(into, String(readKey(key)), readValue(value));
      }
      return into;
    };
  }

  return readerOf;
}
