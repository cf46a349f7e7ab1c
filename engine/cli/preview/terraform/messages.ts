import type { TerraformRun } from "./terraform-process.ts";

/** A line of `terraform plan -json` or `apply -json`. Source: Terraform's documentation, Machine-Readable UI */
export interface TerraformMessage {
  readonly type: string;
  readonly diagnostic?: TerraformDiagnostic;
  readonly hook?: {
    readonly resource: { readonly addr: string; readonly resource_type?: string };
    readonly action?: string;
    readonly elapsed_seconds?: number;
  };
}

export interface TerraformDiagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  /** The resource's, when it is about one. */
  readonly address?: string;
  readonly range?: {
    readonly filename: string;
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

/** What is not a message, such as the word of a crash, is left out. */
export function messagesOf({ out }: Pick<TerraformRun, "out">): TerraformMessage[] {
  return out.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as TerraformMessage];
    } catch {
      // Cut off, when Terraform was.
      return [];
    }
  });
}

export const diagnosticsIn = (messages: readonly TerraformMessage[]): readonly TerraformDiagnostic[] =>
  messages.flatMap(({ diagnostic }) => diagnostic ?? []);
