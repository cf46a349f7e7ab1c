import type { Engine } from "../../gateway/engine.ts";
import { DEFAULT_SCOPE, type Scope } from "../../services/context.ts";
import type { PlannedResource } from "../../stack/plan/planned-resource.ts";
import type { Report } from "../formats/report.ts";
import type { Output } from "../output.ts";
import type { CostOptions, PolicyOptions } from "../review-options.ts";
import type { SessionOptions } from "../session.ts";
import type { StackOptions } from "./stacks-in-tree.ts";
import type { Places, VersionOptions, Versions } from "./versions.ts";

/** What a preview is asked for. */
export interface PreviewRequest extends StackOptions, VersionOptions, PolicyOptions, CostOptions {
  /** The subject, as the command line names it. */
  readonly words: readonly string[];
  /** Where the recorded state is; without it the base is deployed first. */
  readonly from?: string;
  /** Of Terraform: which of the recorded states it is. */
  readonly state?: string;
  /** What Terraform is given with each plan and apply: `-var-file=prod.tfvars`. */
  readonly toolArguments?: readonly string[];
  /** True to deploy the head on the fork, and not only plan it. */
  readonly apply?: boolean;
}

/** What a preview has found before prices and policies. */
export interface Found {
  readonly report: Report;
  /** Every resource whole, before and after. */
  readonly resources?: readonly PlannedResource[];
}

/** What everything of one preview goes by. */
export interface Work {
  readonly output: Output;
  readonly options: SessionOptions;
  readonly request: PreviewRequest;
  readonly places: Places;
  readonly versions: Versions;
}

/** An engine and the account and region that stacks without any belong to. */
export interface Ground {
  readonly engine: Engine;
  readonly scope: Scope;
}

export function groundOf({ options }: Work, engine: Engine): Ground {
  const { account = DEFAULT_SCOPE.account, region = DEFAULT_SCOPE.region } = options;
  return { engine, scope: { account, region } };
}
