import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { coverageOf, modelledOnly, type ServiceCoverage } from "../../clouds/aws/coverage.ts";
import { modelIndex } from "../../protocols/aws/model-index.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { alignColumns, table } from "../text/table.ts";

/** What is done, partly done and missing: of every service, or of one, operation by operation. */
export function coverage(output: Output, service: string | undefined): void {
  if (service !== undefined) return oneService(output, service);
  const bound = AWS_SERVICES.map(coverageOf);
  const rest = modelledOnly(AWS_SERVICES);
  const answer = {
    services: bound.map(({ id, name, counts }) => ({ id, name, ...counts })),
    modelledOnly: rest.map((row) => row.id),
    limits: Object.fromEntries(SERVICES.map((each) => [each.name, each.limits ?? []])),
  };
  output.answer(answer, () =>
    [
      table(
        output.colors,
        ["service", "done", "partial", "missing"],
        bound.map(({ id, counts }) => [id, String(counts.done), String(counts.partial), String(counts.missing)]),
      ),
      "",
      `${rest.length} more services are modelled: their requests are understood and answered NotImplemented, by name.`,
      "One service in detail: cloudstack coverage s3",
    ].join("\n"),
  );
}

function oneService(output: Output, id: string): void {
  const manifest = AWS_SERVICES.find((candidate) => candidate.model === id);
  if (manifest) {
    const covered = coverageOf(manifest);
    return output.answer(covered, () => detail(output, covered));
  }
  const row = modelIndex().byId(id);
  if (row === undefined) {
    const near = modelIndex()
      .rows.map((each) => each.id)
      .filter((each) => each.includes(id) || id.includes(each))
      .slice(0, 5);
    throw new Failure(
      `AWS has no service "${id}".`,
      near.length > 0 ? [`Did you mean ${near.join(", ")}?`] : ["cloudstack coverage lists them."],
    );
  }
  output.answer(
    { id, operations: row.operations, done: 0 },
    () => `${id}: all ${row.operations} operations are understood and answered NotImplemented, by name.`,
  );
}

function detail(output: Output, covered: ServiceCoverage): string {
  const { counts, operations, limits } = covered;
  const marks = {
    done: output.colors.green("done"),
    partial: output.colors.yellow("partial"),
    missing: output.colors.dim("missing"),
  };
  const order = ["done", "partial", "missing"];
  const rows = operations
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
    .map(({ name, state, accepted, recordedOnly }) => [
      marks[state],
      name,
      [
        recordedOnly.length > 0 ? `kept, not acted on: ${recordedOnly.join(", ")}` : "",
        accepted.length > 0 ? `ignored: ${accepted.join(", ")}` : "",
      ]
        .filter((text) => text !== "")
        .join("; "),
    ]);
  return [
    `${covered.name}: ${counts.done} done, ${counts.partial} partial, ${counts.missing} missing`,
    "partial: it works, and nothing acts on the named inputs; missing: refused by name (NotImplemented)",
    "",
    ...alignColumns(rows, "  "),
    ...(limits.length === 0 ? [] : ["", "Known limits", ...limits.map((limit) => `  ${limit}`)]),
  ].join("\n");
}
