import type { Reader } from "../../kernel/store.ts";
import { resourceContext, type StackParts } from "../apply/deployment.ts";
import type { Environment } from "../expressions/environment.ts";
import { templateEnvironment } from "../expressions/template-environment.ts";
import { withoutUndefined } from "../expressions/value.ts";
import type { StackQuery } from "../requests.ts";
import type { Properties } from "../state/model.ts";
import type { ExportedStack } from "./exported.ts";
import { exportedResource } from "./exported-resource.ts";
import type { Subject } from "./subjects.ts";
import type { Exporting } from "./exporting.ts";
import { Placeholders } from "./secrets.ts";

/** Something that exists and is to become part of a stack. */
export interface Adoptable {
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  /** Logical ids of others that it may refer to. */
  readonly dependencies: readonly string[];
}

export interface AdoptedStack {
  readonly stack: ExportedStack;
  /** What this engine does not have. */
  readonly missing: readonly Adoptable[];
}

/** What exists, as a stack that declares it as it is, with references found by their values. */
export async function adoptedStack(
  parts: StackParts,
  query: StackQuery,
  adoptables: readonly Adoptable[],
): Promise<AdoptedStack> {
  const subjects = new Map<string, Subject>();
  const missing: Adoptable[] = [];
  await parts.store.read(async (tx) => {
    for (const each of adoptables) {
      const subject = await readSubject(tx, parts, query, each);
      if (subject) subjects.set(each.logicalId, subject);
      else missing.push(each);
    }
  });
  const exporting = exportingOf(query, subjects);
  const resources = [...subjects.values()].map((subject) => exportedResource(subject, exporting));
  const { parameters } = exporting.placeholders;
  return { stack: { scope: query.scope, name: query.stack, parameters, rules: [], resources, outputs: [] }, missing };
}

async function readSubject(
  tx: Reader,
  parts: StackParts,
  { scope, stack }: StackQuery,
  { logicalId, type, id, dependencies }: Adoptable,
): Promise<Subject | undefined> {
  const registered = parts.registry.get(type);
  if (!registered) return undefined;
  const ctx = resourceContext({ parts, scope, stack }, registered, logicalId);
  const found = await registered.type.handlers.read(tx, id, ctx);
  if (!found) return undefined;
  const live = withoutUndefined(found.properties) as Properties;
  const attributes = withoutUndefined(found.attributes) as Properties;
  const sensitive = (registered.type.sensitive ?? []) as readonly string[];
  const policies = { deletionPolicy: "Delete", updateReplacePolicy: "Delete" } as const;
  const properties = live;
  const record = { version: 1, logicalId, type, id, properties, live, attributes, sensitive, dependencies } as const;
  return { record: { ...record, ...policies }, logicalId, id, registered, recorded: registered, attributes };
}

function exportingOf({ scope, stack }: StackQuery, subjects: ReadonlyMap<string, Subject>): Exporting {
  const known: Environment = templateEnvironment({
    scope,
    stack,
    template: { mappings: new Map(), conditions: new Map() },
    parameters: new Map(),
    exports: new Map(),
    resource(name) {
      const subject = subjects.get(name);
      return subject && { ref: subject.registered.type.ref, attributes: subject.attributes };
    },
    report: () => undefined,
  });
  return {
    form: { inCloudTypes: false, isTemplate: true },
    template: undefined,
    subjects,
    secretExports: new Set(),
    placeholders: new Placeholders(subjects.keys()),
    known,
    exported: known,
  };
}
