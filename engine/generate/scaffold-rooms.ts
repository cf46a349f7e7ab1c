import { pascalCase } from "./aws-types.ts";
import { constantOf } from "./catalog.ts";

type Rooms = ReadonlyMap<string, string>;

/** `policies` -> `policy`, `queues` -> `queue`: good enough for a first draft. */
function singularOf(name: string): string {
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`;
  return name.endsWith("s") ? name.slice(0, -1) : `one-${name}`;
}

interface Names {
  /** The folder: `log-groups`. */
  readonly name: string;
  /** `logGroups`, `logGroup`, `LogGroup`, `log group`. */
  readonly plural: string;
  readonly singular: string;
  readonly type: string;
  readonly words: string;
}

/** The rooms of a new capability, by file name: they compile, and their test asks for an operation that writes. */
export function serviceRooms(name: string): Rooms {
  const one = singularOf(name);
  const names: Names = {
    name,
    plural: constantOf(name),
    singular: constantOf(one),
    type: pascalCase(one),
    words: one.replaceAll("-", " "),
  };
  return new Map([
    ["service.ts", serviceRoom(names)],
    ["model.ts", modelRoom(names, one)],
    ["errors.ts", errorsRoom(names)],
    ["operations.ts", operationsRoom(names)],
    ["resources.ts", resourcesRoom],
    ["service.test.ts", testRoom(names)],
  ]);
}

const serviceRoom = ({ name, plural }: Names) => `import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** ${pascalCase(name)}. */
export const ${plural} = service({
  name: "${name}",
  summary: "${pascalCase(name)}.",
  operations,
  errors,
  resources,
  limits: ["Scaffolded: nothing can be created yet."],
});
`;

const modelRoom = ({ name, plural, singular, type }: Names, one: string) =>
  `import { records, subspace } from "../../kernel/subspace.ts";

export interface ${type} {
  readonly version: 1;
  readonly id: string;
  readonly createdAtMs: number;
}

export const ${singular}Space =
  subspace<[account: string, region: string, id: string]>("${name}", "${one}");
export const ${plural} = records<${type}, [string, string, string]>(${singular}Space);
`;

const errorsRoom = ({ type, words }: Names) => `import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
  ${type}NotFound: { kind: "notFound", message: (p: { id: string }) => \`The ${words} \${p.id} does not exist.\` },
});
`;

const operationsRoom = ({ plural, singular, type, words }: Names) => `import { Type } from "typebox";
import { operation } from "../operation.ts";
import { errors } from "./errors.ts";
import { ${plural} } from "./model.ts";

const ${singular} = Type.Object({ version: Type.Literal(1), id: Type.String(), createdAtMs: Type.Integer() });

export const operations = {
  get${type}: operation({
    summary: "Reads one ${words}.",
    input: Type.Object({ id: Type.String() }),
    output: ${singular},
    effects: "read",
    errors: ["${type}NotFound"],
    async run(tx, { id }, ctx) {
      const found = await ${plural}.get(tx, ctx.account, ctx.region, id);
      if (found === undefined) throw errors.${type}NotFound({ id });
      return found;
    },
  }),
};
`;

const resourcesRoom = `import type { AnyResourceType } from "../resource-type.ts";

/** What templates can declare; a row each, made with \`resourceType\`. */
export const resources: readonly AnyResourceType[] = [];
`;

const testRoom = ({ plural, type, words }: Names) => `import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { ${plural} } from "./service.ts";

describe("a ${words}", () => {
  test("that does not exist is not found", async () => {
    const { call } = serviceUnderTest(${plural});
    await expect(call("get${type}", { id: "none" })).rejects.toMatchObject({ code: "${type}NotFound" });
  });

  // Fails until operations.ts has create${type}; then call it here and read back what it made.
  test("can be read once it is created", () => {
    expect(Object.keys(${plural}.operations)).toContain("create${type}");
  });
});
`;

/** The rooms of a new AWS service, by file name: they compile, and their test asks for the first bound operation. */
export function awsServiceRooms(id: string): Rooms {
  const constant = constantOf(id);
  return new Map([
    ["service.ts", `import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { bound } from "./operations.ts";
import { resources } from "./resources.ts";

export const ${constant} = awsService({ model: "${id}", bound, wireErrors, resources });
`],
    ["model.ts", `/** The wire types that the bindings are checked against. */
export type { ${pascalCase(id)}Operations } from "../../../models/aws/${id}.generated.ts";
`],
    ["errors.ts", `import type { AwsWireError } from "../binding.ts";

/** How each error of the bound capabilities looks on the wire. */
export const wireErrors = {} satisfies Record<string, AwsWireError>;
`],
    ["operations.ts", `import type { BoundOperations } from "../binding.ts";

/** One per capability: \`bind<${pascalCase(id)}Operations>()(capability, { WireOperation: { to, in, out } })\`. */
export const bound: readonly BoundOperations[] = [];
`],
    ["resources.ts", `import type { AnyResourceType } from "../../../services/resource-type.ts";

/** What templates can declare as \`AWS::...\`; a row each, made with \`resourceType\`. */
export const resources: readonly AnyResourceType[] = [];
`],
    ["service.test.ts", `import { describe, expect, test } from "vitest";
import { coverageOf } from "../coverage.ts";
import { ${constant} } from "./service.ts";

describe("${id}", () => {
  // Fails until operations.ts binds a first operation; then call that one here, through the wire.
  test("answers at least one operation of its model", () => {
    const { counts } = coverageOf(${constant});
    expect(counts.done + counts.partial).toBeGreaterThan(0);
  });
});
`],
  ]);
}
