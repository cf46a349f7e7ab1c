import type { ListShape, MapShape, Member, Shape, StructureShape } from "../model.ts";
import { malformed } from "../malformed.ts";
import { compiledPerShape, isFlattened, setEntry, xmlNameOf } from "../shapes.ts";
import { textReader } from "../text-values.ts";
import type { XmlElement } from "./xml-reader.ts";

/** Turns an element into a value by its shape; elements unknown to the model are refused, as S3's schema does. */
export type ReadElement = (element: XmlElement) => unknown;
type Take = (element: XmlElement, into: Record<string, unknown>) => void;

function scalarReader(shape: Shape, member?: Member): ReadElement {
  const read = textReader(shape, member, "iso8601");
  return (element) => {
    if (element.children.length > 0) malformed(`${element.name} holds elements where text was expected.`);
    return read(element.text);
  };
}

/** The reader of a shape; compiled on first use. */
export const xmlReaderOf: (shape: Shape) => ReadElement = compiledPerShape<ReadElement>((shape) => {
  if (shape.type === "structure") return structureReader(shape);
  if (shape.type === "list") return listReader(shape);
  return shape.type === "map" ? mapReader(shape) : scalarReader(shape);
});

function takeMember(member: Member): Take {
  const { name, shape } = member;
  if (isFlattened(member) && shape.type === "list") {
    const read = xmlReaderOf(shape.member);
    return (element, into) => ((into[name] ??= []) as unknown[]).push(read(element));
  }
  if (isFlattened(member) && shape.type === "map") {
    const takeEntry = entryTaker(shape);
    return (element, into) => takeEntry(element, (into[name] ??= {}) as Record<string, unknown>);
  }
  const read = shape.type === "timestamp" ? scalarReader(shape, member) : xmlReaderOf(shape);
  return (element, into) => {
    if (into[name] !== undefined) malformed(`${element.name} is given twice.`);
    into[name] = read(element);
  };
}

function structureReader(shape: StructureShape): ReadElement {
  const takes = new Map<string, Take>();
  const attributes: { name: string; wire: string; read: (text: string) => unknown }[] = [];
  for (const member of shape.members.values()) {
    if (member.location !== "body") continue;
    const wire = xmlNameOf(member);
    if (member.isXmlAttribute)
      attributes.push({ name: member.name, wire, read: textReader(member.shape, member, "iso8601") });
    else takes.set(wire, takeMember(member));
  }
  return (element) => {
    const into: Record<string, unknown> = {};
    for (const attribute of attributes) {
      const text = element.attributes?.[attribute.wire];
      if (text !== undefined) into[attribute.name] = attribute.read(text);
    }
    if (element.text !== "" && element.text.trim() !== "")
      malformed(`${element.name} holds text where elements were expected.`);
    for (const child of element.children) {
      const take = takes.get(child.name) ?? malformed(`${child.name} is not an element of ${element.name}.`);
      take(child, into);
    }
    return into;
  };
}

function listReader(shape: ListShape): ReadElement {
  const read = xmlReaderOf(shape.member);
  return (element) =>
    element.children.map((child) => {
      if (child.name !== shape.memberWireName) malformed(`${child.name} is not an element of ${element.name}.`);
      return read(child);
    });
}

function entryTaker(shape: MapShape): Take {
  const readKey = xmlReaderOf(shape.key);
  const readValue = xmlReaderOf(shape.value);
  return (entry, into) => {
    const key = entry.children.find((child) => child.name === shape.keyWireName);
    const value = entry.children.find((child) => child.name === shape.valueWireName);
    if (key === undefined || value === undefined) return malformed(`${entry.name} lacks its key or its value.`);
    setEntry(into, String(readKey(key)), readValue(value));
  };
}

function mapReader(shape: MapShape): ReadElement {
  const takeEntry = entryTaker(shape);
  return (element) => {
    const into: Record<string, unknown> = {};
    for (const entry of element.children) takeEntry(entry, into);
    return into;
  };
}
