import type { Reader } from "../../kernel/store.ts";
import { resourceContext, type StackParts } from "../apply/deployment.ts";
import type { Scope } from "../../services/context.ts";
import { withoutUndefined, type Value } from "../expressions/value.ts";
import type { RegisteredType } from "../registry/registry.ts";
import type { Properties, ResourceRecord } from "../state/model.ts";
import type { RecordedState } from "../state/read-state.ts";
import { errors } from "./errors.ts";
import { freeName } from "./free-name.ts";

/** A recorded resource with the name and the type that it is exported under. */
export interface Subject {
  readonly record: ResourceRecord;
  readonly logicalId: string;
  /** What the exported type calls it. */
  readonly id: string;
  /** The type that it is exported as, and its own. */
  readonly registered: RegisteredType;
  readonly recorded: RegisteredType;
  /** As the exported type has them. */
  readonly attributes: Properties;
  /** All of them as they are, when it is exported under another type than its own. */
  readonly converted?: Properties;
}

export interface SubjectsOf {
  readonly scope: Scope;
  readonly stack: string;
  readonly state: RecordedState;
  /** A native type as its cloud's own where there is one: `Bucket` as `AWS::S3::Bucket`. */
  readonly inCloudTypes: boolean;
}

/** A stack's resources by the logical ids they are recorded under. */
export async function readSubjects(
  tx: Reader,
  parts: StackParts,
  { scope, stack, state, inCloudTypes }: SubjectsOf,
): Promise<ReadonlyMap<string, Subject>> {
  const subjects = new Map<string, Subject>();
  const taken = new Set(state.resources.keys());
  for (const record of state.resources.values()) {
    const plain = record.logicalId.replaceAll("/", "");
    const logicalId = plain === record.logicalId ? plain : freeName(plain, taken);
    taken.add(logicalId);
    const own = parts.registry.get(record.type);
    if (!own) {
      const reason = `${record.logicalId} is of type ${record.type}, which this engine does not have.`;
      throw errors.NotExportable({ stack, language: "code", reasons: [reason] });
    }
    const twin = inCloudTypes ? parts.registry.get(parts.registry.twinsOf(record.type)[0] ?? "") : undefined;
    const ctx = twin && resourceContext({ parts, scope, stack }, twin, record.logicalId);
    const id = twin?.type.idOfTwin?.(record.id, scope) ?? record.id;
    const live = ctx && (await twin.type.handlers.read(tx, id, ctx));
    const subject = { record, logicalId, id: record.id, registered: own, recorded: own, attributes: record.attributes };
    subjects.set(
      record.logicalId,
      live
        ? {
            ...subject,
            id,
            registered: twin,
            attributes: withoutUndefined(live.attributes) as Properties,
            converted: withoutUndefined(live.properties) as Properties,
          }
        : subject,
    );
  }
  return subjects;
}

/** The attributes of a subject, what `Ref` gives first; `undefined` for its name. */
export function* attributesOf({ registered, attributes }: Subject): Generator<readonly [string | undefined, Value]> {
  const { ref } = registered.type;
  if (attributes[ref] !== undefined) yield [undefined, attributes[ref]];
  for (const [name, value] of Object.entries(attributes)) if (name !== ref) yield [name, value];
}
