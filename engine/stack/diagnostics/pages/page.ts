/** The manual's page of a diagnostic. Read by `cloudstack explain CODE`; `npm run gen` writes `docs/diagnostics/`. */
export interface CodePage {
  /** What it means, in whole sentences. */
  readonly meaning: string;
  /** What to do about it. */
  readonly cure: string;
  /** A template that yields it, or the situation that does when it is not the template's fault. */
  readonly example: TemplateExample | string;
}

/** A template that yields the diagnostic: a test holds it to that. */
export interface TemplateExample {
  readonly template: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** What was deployed before it, in order; as the same stack (`web`) unless it is named. */
  readonly before?: readonly { readonly stack?: string; readonly template: string }[];
  /** True for what `cloudstack validate` says of a template whose parameters have no value. */
  readonly isValidated?: boolean;
  readonly targets?: readonly string[];
}

export type CodePages = Readonly<Record<string, CodePage>>;
