import { Readable } from "node:stream";
import { constant, sample, type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { AWS_SERVICES } from "../../catalog.generated.ts";
import { AwsFailure } from "../../protocols/aws/codec.ts";
import { loadAwsModel } from "../../protocols/aws/load-model.ts";
import type { AwsOperation, StructureShape } from "../../protocols/aws/model.ts";
import { ServiceError } from "../../services/errors.ts";
import { arbitraryOf, type ArbitraryOptions, type RowSchema } from "../../testing/schema-arbitrary.ts";
import { inputWith, InputWatch, memberPaths } from "../../testing/watched-input.ts";
import type { AwsService, BindingRow, WireCall } from "./binding.ts";

// oxlint-disable-next-line no-explicit-any -- rows of every shape
type AnyRow = BindingRow<any, any, any>;

const CALL: WireCall = {
  account: "000000000000",
  region: "us-east-1",
  caller: { principal: "arn:aws:iam::000000000000:root" },
  requestId: "request",
  request: { headers: {} } as WireCall["request"],
  endpoint: "http://localhost:4566",
  operation: "",
};

interface Case {
  readonly name: string;
  readonly service: AwsService;
  readonly operation: AwsOperation;
  readonly input: StructureShape;
  readonly row: AnyRow;
  readonly results: readonly object[];
}

const TABLE = {
  name: "orders",
  createdAtMs: 0,
  attributes: [],
  partitionKey: { name: "id", type: "S" },
  indexes: [],
  billing: "onDemand",
  isDeletionProtected: false,
};

/** What an output's schema leaves open, as the rows expect to find it. */
const RESULTS: ArbitraryOptions = {
  texts: { policy: ["{}"] },
  values: {
    code: constant("BucketNotFound"),
    error: constant(new ServiceError("QueueNotFound", "notFound", "no such queue")),
  },
  undescribed: constant({
    table: TABLE,
    definition: TABLE,
    statistics: { sizeBytes: 0, itemCount: 0, indexes: {} },
    extent: { kind: "full", atMs: 0 },
    format: { kind: "json" },
    id: "00000000000000-00000000",
  }),
};

const CASES: readonly Case[] = AWS_SERVICES.flatMap((service) =>
  service.bound.flatMap(({ service: bound, rows }) =>
    Object.entries(rows).flatMap(([name, row]) => {
      const operation = loadAwsModel(service.model)?.operations.get(name);
      if (operation?.input === undefined) return [];
      const output = bound.operations[String(row.to)]?.output as RowSchema;
      const results = [true, false].flatMap((isFull) =>
        sample(arbitraryOf(output, { ...RESULTS, isFull }) as Arbitrary<object>, { numRuns: 2, seed: 1 }),
      );
      return [{ name: `${service.model}.${name}`, service, operation, input: operation.input, row, results }];
    }),
  ),
);

/** Runs a row over one input; a refusal ends it, and what was read before stays read. */
function run({ row, input, operation, results }: Case, watch: InputWatch, path: string): void {
  const call = { ...CALL, operation: operation.name };
  const refusing = (work: () => unknown) => {
    try {
      watch.follow(work());
    } catch (problem) {
      if (!(problem instanceof AwsFailure)) throw problem;
    }
  };
  const wire = () => watch.watch(inputWith(input, path), input);
  refusing(() => row.in(wire(), call));
  refusing(() => row.body?.(wire()));
  for (const result of results) {
    refusing(() => row.out(result, wire(), call));
    refusing(() => row.through?.(Readable.from([]), wire(), result).destroy());
    refusing(() => row.response?.(result, wire(), call));
  }
}

const isWithin = (path: string, paths: Iterable<string>) =>
  [...paths].some((other) => path === other || path.startsWith(`${other}.`));

function whatIsWrong(each: Case): string[] {
  const watch = new InputWatch();
  const members = memberPaths(each.input);
  for (const path of ["", "*", ...members.map((member) => member.path)]) run(each, watch, path);

  const { accepted = [], recordedOnly = [] } = each.row;
  const byProtocol = new Set([
    ...Object.keys(each.service.actedOnByProtocol ?? {}),
    each.operation.checksum?.requestAlgorithmMember,
  ]);
  const isTakenApart = (path: string) => [...watch.read].some((read) => read.startsWith(`${path}.`));
  const unread = members.filter(
    ({ path, parent }) =>
      !watch.read.has(path)
      && (parent === "" || isTakenApart(parent))
      && !isWithin(path, watch.passedOn)
      && !isWithin(path, accepted)
      && !byProtocol.has(path),
  );
  const known = new Set(members.map((member) => member.path));
  return [
    ...unread.map(({ path }) => `${path} is neither read, nor refused, nor listed in \`accepted\``),
    ...accepted.filter((path) => watch.read.has(path)).map((path) => `${path} is read, so it is not only accepted`),
    ...accepted.filter((path) => byProtocol.has(path)).map((path) => `${path} acts before the row`),
    ...recordedOnly.filter((path) => !watch.read.has(path)).map((path) => `${path} is not read, so it is not recorded`),
    ...[...accepted, ...recordedOnly].filter((path) => !known.has(path)).map((path) => `${path} is no member`),
  ];
}

describe("an input member of an AWS operation is acted on, refused by name or declared as accepted:", () => {
  test.each(CASES.map((each) => [each.name, each] as const))("%s", (_, each) => {
    expect(whatIsWrong(each)).toEqual([]);
  });
});
