import type { CallExpression, Expression, ObjectExpression } from "../../expressions/expression.ts";
import { NOWHERE, objectOf } from "../literal.ts";
import { UnsaidInTerraform, type Argument } from "./terraform-type.ts";

/** How a property is said: by an argument of that name, or as this makes it. */
export type Form = string | Made;
/** The arguments that a value makes. */
export type Made = (value: Expression) => readonly Argument[];
export type Forms = Readonly<Record<string, Form>>;

/** The arguments for the properties of an object, in their order. `path` names it in messages. */
export function argumentsFor(forms: Forms, properties: Expression, path = ""): readonly Argument[] {
  if (properties.kind !== "object") throw new UnsaidInTerraform(`${path} is not written out`);
  return properties.entries.flatMap(({ key, value }): readonly Argument[] => {
    const name = path === "" ? key : `${path}.${key}`;
    const form = forms[key];
    if (form === undefined) throw new UnsaidInTerraform(`${name} has no argument there`);
    return typeof form === "string" ? [{ name: form, value }] : form(value);
  });
}

/** An argument that is left out where it would only say what holds without it. */
export const unless =
  (usual: string, name: string): Made =>
  (value) =>
    textIn(value) === usual ? [] : [{ name, value }];

/** A block for the object, or for each of a list of them. */
export const block =
  (name: string, forms: Forms): Made =>
  (value) =>
    (value.kind === "list" ? value.items : [value]).map((item) => ({
      block: name,
      body: argumentsFor(forms, item, name),
    }));

/** What a map holds stands a level higher. */
export const inlined =
  (forms: Forms): Made =>
  (value) =>
    argumentsFor(forms, value);

/** A block around what a form gives. */
export const within =
  (name: string, form: Form): Made =>
  (value) => [{ block: name, body: typeof form === "string" ? [{ name: form, value }] : form(value) }];

/** A document, written out, as the text that holds it. */
export const json =
  (name: string): Made =>
  (value) => [{ name, value: asJson(value) }];

export const asJson = (value: Expression): Expression =>
  value.kind === "object" || value.kind === "list" ? call("Fn::ToJsonString", value) : value;

export const call = (name: string, ...args: readonly Expression[]): CallExpression => ({
  kind: "call",
  function: name,
  arguments: args,
  span: NOWHERE,
});

/** Tags as a list of `Key` and `Value`, as a map. */
export const tags =
  (name = "tags"): Made =>
  (value) => [{ name, value: tagMap(value) }];

export function tagMap(value: Expression): ObjectExpression {
  const items = value.kind === "list" ? value.items : undefined;
  if (!items) throw new UnsaidInTerraform("tags are not written out");
  return objectOf(
    items.map((item) => {
      const [key, text] = [entryOf(item, "Key"), entryOf(item, "Value")];
      if (key?.kind !== "literal" || !text) throw new UnsaidInTerraform("a tag's key is not written out");
      return [String(key.value), text];
    }),
  );
}

/** What an object says of a property. */
export const entryOf = (value: Expression | undefined, name: string): Expression | undefined =>
  value?.kind === "object" ? value.entries.find(({ key }) => key === name)?.value : undefined;

/** The text of a literal; undefined for what is not one. */
export const textIn = (value: Expression | undefined): string | undefined =>
  value?.kind === "literal" ? String(value.value) : undefined;

/** The properties of a resource apart: those named, and the others. */
export function parted(
  properties: ObjectExpression,
  names: readonly string[],
): { readonly own: ObjectExpression; readonly rest: ObjectExpression } {
  const isOwn = ({ key }: { readonly key: string }) => names.includes(key);
  return {
    own: { ...properties, entries: properties.entries.filter(isOwn) },
    rest: { ...properties, entries: properties.entries.filter((entry) => !isOwn(entry)) },
  };
}
