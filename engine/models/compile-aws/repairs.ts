import { invariant } from "../../platform/invariant.ts";
import type { SourceModel, SourceReference, SourceShape } from "./botocore.ts";
import type { ServiceOverlay } from "./overlay.ts";

/** Deprecated operations that share method, path and query with the operation that took their place. */
const SUPERSEDED: Readonly<Record<string, readonly string[]>> = {
  s3: ["GetBucketLifecycle", "PutBucketLifecycle", "GetBucketNotification", "PutBucketNotification"],
};

/** Operations whose output is the text of the root element. Source: S3 API Reference, GetBucketLocation. */
const UNWRAPPED: Readonly<Record<string, readonly string[]>> = { s3: ["GetBucketLocation"] };

/** Protocols that a service still answers though botocore no longer says so, with the namespace of its XML. */
const FORMER_PROTOCOLS: Readonly<Record<string, { protocol: string; xmlNamespace: string }>> = {
  sqs: { protocol: "query", xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/" },
};

export interface RepairedModel extends SourceModel {
  readonly unwrapped: readonly string[];
}

/** A model with what botocore has lost put back, and without what AWS has replaced. */
export function repair(id: string, source: SourceModel, overlay: ServiceOverlay | undefined): RepairedModel {
  const former = FORMER_PROTOCOLS[id];
  const { metadata } = source;
  const xmlNamespace = metadata.xmlNamespace ?? overlay?.xmlNamespace ?? former?.xmlNamespace;
  return {
    metadata: {
      ...metadata,
      ...(xmlNamespace === undefined ? {} : { xmlNamespace }),
      protocols: [...(metadata.protocols ?? [metadata.protocol]), ...(former === undefined ? [] : [former.protocol])],
    },
    operations: Object.fromEntries(
      Object.entries(source.operations)
        .filter(([name]) => SUPERSEDED[id]?.includes(name) !== true)
        .map(([name, operation]) => {
          if (former?.protocol !== "query" || operation.output === undefined) return [name, operation];
          return [name, { ...operation, output: { resultWrapper: `${name}Result`, ...operation.output } }];
        }),
    ),
    shapes: overlay === undefined ? source.shapes : withOverlay(id, source.shapes, overlay),
    unwrapped: UNWRAPPED[id] ?? [],
  };
}

function withOverlay(id: string, source: SourceModel["shapes"], overlay: ServiceOverlay): Record<string, SourceShape> {
  const shapes: Record<string, SourceShape> = { ...source };
  const change = (name: string, patch: (shape: SourceShape) => SourceShape) => {
    const shape = shapes[name];
    // Structures that the SDK invents for itself have no counterpart.
    if (shape !== undefined) shapes[name] = patch(shape);
  };
  for (const [name, xmlName] of Object.entries(overlay.roots)) change(name, (shape) => ({ ...shape, xmlName }));
  for (const [name, error] of Object.entries(overlay.errors)) {
    change(name, (shape) => ({
      ...shape,
      queryCode: error.queryCode,
      error: { ...shape.error, httpStatusCode: error.status, senderFault: true },
    }));
  }
  for (const [name, members] of Object.entries(overlay.members)) {
    invariant(shapes[name] !== undefined, `${id} still has the shape ${name} that the overlay speaks of`);
    change(name, (shape) => withXmlNames(shape, members));
  }
  return shapes;
}

function withXmlNames(shape: SourceShape, names: ServiceOverlay["members"][string]): SourceShape {
  const renamed = (member: SourceReference | undefined, key: string): SourceReference | undefined => {
    const entry = names[key];
    if (member === undefined || entry === undefined) return member;
    return {
      ...member,
      ...(entry.name === undefined ? {} : { xmlName: entry.name }),
      ...(entry.isFlattened === undefined ? {} : { flattened: true }),
    };
  };
  const { members, member, key, value, ...rest } = shape;
  return {
    ...rest,
    ...(members === undefined
      ? {}
      : {
          members: Object.fromEntries(
            Object.entries(members).map(([name, reference]) => [name, renamed(reference, name) ?? reference]),
          ),
        }),
    ...(member === undefined ? {} : { member: renamed(member, "member") }),
    ...(key === undefined ? {} : { key: renamed(key, "key") }),
    ...(value === undefined ? {} : { value: renamed(value, "value") }),
  } as SourceShape;
}
