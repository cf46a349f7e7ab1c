import { Aggregate, Evaluator, isAggregate, MISSING, type Row } from "./evaluation.ts";
import { parseQuery, type Expression, type Query } from "./expression.ts";
import { recordsOf, type SelectInput } from "./records.ts";
import { recordsWithin, type ScanRange } from "./scan-range.ts";

export interface CsvOutput {
  readonly fieldDelimiter: string;
  readonly recordDelimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly quotesAlways: boolean;
}
export type SelectOutput = { readonly csv: CsvOutput } | { readonly json: { readonly recordDelimiter: string } };

export interface Selection {
  readonly expression: string;
  readonly input: SelectInput;
  readonly output: SelectOutput;
  /** Only records that begin there; of CSV and lines of JSON, unpacked. */
  readonly range?: ScanRange | undefined;
}

type Columns = Record<string, unknown>;

function csvField(value: unknown, form: CsvOutput): string {
  const isNothing = value === null || value === MISSING;
  const text = isNothing ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  const needsQuotes =
    form.quotesAlways
    || text.includes(form.fieldDelimiter)
    || text.includes(form.recordDelimiter)
    || (form.quote !== "" && text.includes(form.quote));
  if (!needsQuotes) return text;
  return form.quote + text.replaceAll(form.quote, form.escape + form.quote) + form.quote;
}

function written(columns: Columns, output: SelectOutput): string {
  if ("csv" in output) {
    const fields = Object.values(columns).map((value) => csvField(value, output.csv));
    return fields.join(output.csv.fieldDelimiter) + output.csv.recordDelimiter;
  }
  const kept = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== MISSING));
  return JSON.stringify(kept) + output.json.recordDelimiter;
}

/** What `FROM S3Object[*].path` names in a record: the record, a part of it, or each element of a list. */
function partsOf(row: Row, steps: readonly (string | number)[]): readonly Row[] {
  let found: readonly unknown[] = [row];
  for (const step of steps) {
    found = found.flatMap((value) => {
      if (step === "*") return Array.isArray(value) ? (value as unknown[]) : [value];
      const inner = typeof value === "object" && value !== null ? (value as Columns)[step] : undefined;
      return inner === undefined ? [] : [inner];
    });
  }
  return found;
}

const lastStep = (value: Expression): string | undefined => {
  const step = value.kind === "path" ? value.steps.at(-1) : undefined;
  return typeof step === "string" ? step : undefined;
};

function columnsOf(query: Query, evaluator: Evaluator, row: Row): Columns {
  if (!query.columns) {
    const hasColumns = typeof row === "object" && row !== null && !Array.isArray(row);
    return hasColumns ? (row as Columns) : { _1: row };
  }
  const columns: Columns = {};
  for (const [at, { name, value }] of query.columns.entries()) {
    const wanted = name ?? lastStep(value) ?? `_${at + 1}`;
    columns[wanted in columns ? `_${at + 1}` : wanted] = evaluator.value(value, row);
  }
  return columns;
}

function bytesWanted(
  bytes: AsyncIterable<Uint8Array>,
  { input, range }: Selection,
  sizeBytes: number,
): AsyncIterable<Uint8Array> {
  if (!range) return bytes;
  const delimiter = "csv" in input ? input.csv.recordDelimiter : "\n";
  const hasHeader = "csv" in input && input.csv.header !== "none";
  return recordsWithin(bytes, { range, sizeBytes, delimiter, hasHeader });
}

/**
 * Runs a query over the bytes of an object of `sizeBytes`; gives the text of each record found.
 * Errors: `SelectInvalid`, `SelectFailed`
 */
export async function* select(
  bytes: AsyncIterable<Uint8Array>,
  selection: Selection,
  sizeBytes: number,
): AsyncGenerator<string> {
  const query = parseQuery(selection.expression);
  const evaluator = new Evaluator(query);
  const aggregates = query.columns?.some(({ value }) => isAggregate(value))
    ? query.columns.map(({ value }) => new Aggregate(value))
    : undefined;
  let count = 0;
  for await (const record of recordsOf(bytesWanted(bytes, selection, sizeBytes), selection.input)) {
    for (const row of partsOf(record, query.from)) {
      if (query.where && evaluator.value(query.where, row) !== true) continue;
      if (aggregates) {
        for (const aggregate of aggregates) aggregate.take(evaluator, row);
        continue;
      }
      if (count === query.limit) return;
      count += 1;
      yield written(columnsOf(query, evaluator, row), selection.output);
    }
  }
  if (!aggregates || query.limit === 0) return;
  const results = aggregates.map((one, at) => [query.columns?.[at]?.name ?? `_${at + 1}`, one.result()] as const);
  yield written(Object.fromEntries(results), selection.output);
}
