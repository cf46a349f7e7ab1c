import { invariant } from "../../platform/invariant.ts";
import { loadAwsModel } from "../../protocols/aws/load-model.ts";
import { modelIndex, type IndexRow } from "../../protocols/aws/model-index.ts";
import type { AwsService } from "./binding.ts";

/** `partial`: it works, and nothing acts on some of its input members. */
export type CoverageState = "done" | "partial" | "missing";

export interface OperationCoverage {
  readonly name: string;
  readonly state: CoverageState;
  /** Input members that are accepted and that nothing reads. */
  readonly accepted: readonly string[];
  /** Input members that are kept and read back, and that nothing acts on. */
  readonly recordedOnly: readonly string[];
  /** What it is bound to, e.g. `queues.sendMessage`. */
  readonly boundTo?: string;
}

export interface ServiceCoverage {
  /** The model's id, e.g. `sqs`. */
  readonly id: string;
  /** AWS's name, e.g. `SQS`. */
  readonly name: string;
  readonly apiVersion: string;
  readonly protocols: readonly string[];
  readonly operations: readonly OperationCoverage[];
  readonly counts: Readonly<Record<CoverageState, number>>;
  /** Names, in order. */
  readonly resourceTypes: readonly string[];
  /** What the bound capabilities knowingly do not do yet. */
  readonly limits: readonly string[];
}

/** What a service answers of all that its model knows, from its tables: for the docs and `cloudstack coverage`. */
export function coverageOf(service: AwsService): ServiceCoverage {
  const model = loadAwsModel(service.model);
  invariant(model !== undefined, `${service.model} is the id of a model`);
  const operations = [...model.operations.keys()].map((name) => operationCoverage(service, name));
  const count = (state: CoverageState) => operations.filter((operation) => operation.state === state).length;
  return {
    id: model.id,
    name: model.serviceId,
    apiVersion: model.apiVersion,
    protocols: model.protocols,
    operations,
    counts: { done: count("done"), partial: count("partial"), missing: count("missing") },
    resourceTypes: service.resources.map((type) => type.name).sort(),
    limits: [...new Set(service.bound.flatMap((bound) => bound.service.limits ?? []))],
  };
}

/** The services that are modelled and not bound: every operation of theirs answers `NotImplemented`. */
export function modelledOnly(bound: readonly AwsService[]): readonly IndexRow[] {
  return modelIndex().rows.filter((row) => !bound.some((service) => service.model === row.id));
}

function operationCoverage(service: AwsService, name: string): OperationCoverage {
  const bound = service.bound.find((candidate) => Object.hasOwn(candidate.rows, name));
  const row = bound?.rows[name];
  if (bound === undefined || row === undefined) return { name, state: "missing", accepted: [], recordedOnly: [] };
  const { accepted = [], recordedOnly = [] } = row;
  return {
    name,
    state: accepted.length + recordedOnly.length === 0 ? "done" : "partial",
    accepted,
    recordedOnly,
    boundTo: `${bound.service.name}.${String(row.to)}`,
  };
}
