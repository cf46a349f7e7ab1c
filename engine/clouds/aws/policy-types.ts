import type { Reader, Transaction } from "../../kernel/store.ts";
import { generatedName } from "../../services/generated-name.ts";
import { resourceErrors } from "../../services/resource-errors.ts";
import type { AnyResourceType, ResourceContext } from "../../services/resource-type.ts";
import { equalValues } from "../../stack/expressions/value.ts";
import { declared } from "./declared.ts";
import { awsResourceType } from "./resource-type.ts";

type Context = ResourceContext<never>;
type PolicyDocument = { [name: string]: unknown } | string;

/** Something that holds one policy, as text. */
export interface PolicyHolder {
  /** Undefined when there is no such thing, or it has no policy of its own. */
  read(tx: Reader, target: string, ctx: Context): Promise<string | undefined>;
  /** Undefined takes the policy away; what is not there (any more) has none. */
  write(tx: Transaction, target: string, policy: string | undefined, ctx: Context): Promise<void>;
}

const textOf = (document: PolicyDocument) => (typeof document === "string" ? document : JSON.stringify(document));
const documentOf = (text: string) => JSON.parse(text) as PolicyDocument;
const isSame = (a: PolicyDocument, b: PolicyDocument) =>
  equalValues(typeof a === "string" ? documentOf(a) : a, typeof b === "string" ? documentOf(b) : b);

interface ListOptions<Targets extends string> {
  readonly name: `AWS::${string}`;
  readonly summary: string;
  /** The property that lists what the policy stands on. */
  readonly targets: Targets;
  readonly holder: PolicyHolder;
  readonly references: Readonly<Record<string, string>>;
  readonly example: { readonly [Name in Targets]: string[] } & { readonly PolicyDocument: PolicyDocument };
}

/** A type that puts one policy on several things: what is listed has it, what is listed no longer has none. */
export function policyOnMany<Targets extends string>(options: ListOptions<Targets>): AnyResourceType {
  type Properties = { [Name in Targets]: string[] } & { PolicyDocument: PolicyDocument };
  const { name, summary, targets, holder, references, example } = options;
  const records = declared<Properties>(name);
  const listed = (properties: Properties): readonly string[] => properties[targets];

  const stateOf = async (tx: Reader, id: string, ctx: Context) => {
    const kept = await records.get(tx, id, ctx);
    if (!kept) return undefined;
    let document: PolicyDocument | undefined = kept.PolicyDocument;
    // One that was changed behind the stack's back is what the policy has become.
    for (const target of listed(kept)) {
      const text = await holder.read(tx, target, ctx);
      if (text === undefined) document = undefined;
      else if (!isSame(documentOf(text), kept.PolicyDocument)) document = documentOf(text);
    }
    const properties = { ...kept, PolicyDocument: document } as Properties;
    if (document === undefined) delete (properties as Partial<Properties>).PolicyDocument;
    return { id, properties, attributes: { Id: id } };
  };
  const put = async (tx: Transaction, id: string, properties: Properties, ctx: Context) => {
    for (const target of listed(properties)) await holder.write(tx, target, textOf(properties.PolicyDocument), ctx);
    await records.put(tx, id, properties, ctx);
    return { id, properties, attributes: { Id: id } };
  };
  return awsResourceType<Properties>()({
    name,
    summary,
    attributes: ["Id"],
    references,
    recordedOnly: ["PolicyDocument"] as never,
    examples: [{ title: "a policy", properties: example as Properties }],
    handlers: {
      create: (tx, properties, ctx) => put(tx, generatedName(ctx), properties, ctx),
      read: stateOf,
      async update(tx, id, properties, previous, ctx) {
        const kept = new Set(listed(properties));
        const before = (await records.get(tx, id, ctx)) ?? previous;
        for (const target of listed(before)) {
          if (!kept.has(target)) await holder.write(tx, target, undefined, ctx);
        }
        return put(tx, id, properties, ctx);
      },
      async delete(tx, id, ctx) {
        const kept = await records.get(tx, id, ctx);
        for (const target of kept ? listed(kept) : []) await holder.write(tx, target, undefined, ctx);
        await records.remove(tx, id, ctx);
      },
      list: records.list,
    },
  });
}

interface SingleOptions<Target extends string> {
  readonly name: `AWS::${string}`;
  readonly summary: string;
  /** The property that says what the policy stands on. */
  readonly target: Target;
  readonly holder: PolicyHolder;
  readonly references: Readonly<Record<string, string>>;
  readonly example: { readonly [Name in Target]: string } & { readonly PolicyDocument: PolicyDocument };
}

/** A type that is the one policy of one thing. */
export function policyOnOne<Target extends string>(options: SingleOptions<Target>): AnyResourceType {
  type Properties = { [Name in Target]: string } & { PolicyDocument: PolicyDocument };
  const { name, summary, target, holder, references, example } = options;
  const records = declared<{ readonly on: string }>(name);

  const stateOf = async (tx: Reader, id: string, ctx: Context) => {
    const kept = await records.get(tx, id, ctx);
    // A policy that another door wrote has no record here: it goes by what it stands on.
    const on = kept?.on ?? id;
    const text = await holder.read(tx, on, ctx);
    if (text === undefined) return undefined;
    const properties = { [target]: on, PolicyDocument: documentOf(text) } as Properties;
    return { id, properties, attributes: { [target]: on } as Record<Target, unknown> };
  };
  const put = async (tx: Transaction, id: string, properties: Properties, ctx: Context) => {
    await holder.write(tx, properties[target], textOf(properties.PolicyDocument), ctx);
    const state = await stateOf(tx, id, ctx);
    if (!state) throw resourceErrors.ResourceNotFound({ type: name, id });
    return state;
  };
  return awsResourceType<Properties>()({
    name,
    summary,
    attributes: [target],
    references,
    recordedOnly: ["PolicyDocument"] as never,
    examples: [{ title: "a policy", properties: example as Properties }],
    handlers: {
      async create(tx, properties, ctx) {
        const id = properties[target];
        if (await holder.read(tx, id, ctx)) throw resourceErrors.ResourceExists({ type: name, id });
        await records.put(tx, id, { on: id }, ctx);
        return put(tx, id, properties, ctx);
      },
      read: stateOf,
      update: (tx, id, properties, _previous, ctx) => put(tx, id, properties, ctx),
      async delete(tx, id, ctx) {
        const kept = await records.get(tx, id, ctx);
        await holder.write(tx, kept?.on ?? id, undefined, ctx);
        await records.remove(tx, id, ctx);
      },
      list: records.list,
    },
  });
}
