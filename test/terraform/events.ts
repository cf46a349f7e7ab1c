/** What Terraform says with `-json`, one line each. */
export interface TerraformEvent {
  readonly type: string;
  readonly hook?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
    readonly address?: string;
  };
}

export function eventsIn(text: string): TerraformEvent[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as TerraformEvent);
}

/** The first failure of each address; of those that name none, under the empty address. */
export function failuresIn(events: readonly TerraformEvent[]): ReadonlyMap<string, string> {
  const failures = new Map<string, string>();
  for (const { diagnostic } of events) {
    if (diagnostic?.severity !== "error") continue;
    const address = diagnostic.address ?? "";
    if (!failures.has(address)) failures.set(address, `${diagnostic.summary} ${diagnostic.detail}`.trim());
  }
  return failures;
}

/** The addresses whose change was completed. */
export const completedIn = (events: readonly TerraformEvent[]): ReadonlySet<string> =>
  new Set(events.flatMap(({ type, hook }) => (type === "apply_complete" && hook ? [hook.resource.addr] : [])));

/** What `terraform show -json` says of a plan or a state. */
export interface Shown {
  readonly resource_changes?: readonly PlannedChange[];
  readonly values?: { readonly root_module: { readonly resources?: readonly Standing[] } };
}

export interface PlannedChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
  };
}

export interface Standing {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly values: Record<string, unknown>;
}
