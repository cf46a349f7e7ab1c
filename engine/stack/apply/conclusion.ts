import type { Plan } from "../plan/plan.ts";
import type { OutputRecord, ResourceRecord } from "../state/model.ts";
import type { NestedTemplate } from "../template/template.ts";

/** What the stack will be once the deployment is committed. */
export interface Conclusion {
  readonly plan: Plan;
  /** The parameters as they were given, secrets included. */
  readonly given: Readonly<Record<string, string>>;
  /** Records of everything that stays, by logical id. */
  readonly kept: ReadonlyMap<string, ResourceRecord>;
  /** The same as they were before the deployment. */
  readonly recorded: ReadonlyMap<string, ResourceRecord>;
  /** Records of what the template no longer has; with their policies. */
  readonly dropped: readonly { readonly record: ResourceRecord; readonly isDeleted: boolean }[];
  /** Names that resources had before this deployment renamed them. */
  readonly formerNames: readonly string[];
  readonly outputs: Readonly<Record<string, OutputRecord>>;
  readonly imports: readonly string[];
  readonly secretParameters: readonly string[];
  readonly nested: readonly NestedTemplate[];
}
