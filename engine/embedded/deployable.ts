/** An app of `@cloudstacks/constructs`, or of the CDK: what can be synthesized into a folder. */
export interface SynthesizableApp {
  synth(options?: { readonly outdir?: string }): { readonly directory: string };
}

/** A stack of such an app. */
export interface SynthesizableStack {
  readonly stackName: string;
  readonly node: { readonly root: unknown };
}

/**
 * What can be deployed:
 * - a text with a line break: the template itself, YAML or JSON
 * - any other text: the path of a template, or of a synthesized folder (`cloudstack.out`, `cdk.out`)
 * - an app, or one stack of it with all that it depends on
 * - any other object: the template itself
 */
export type Deployable = string | SynthesizableApp | SynthesizableStack | Readonly<Record<string, unknown>>;
