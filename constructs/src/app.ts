import { RootConstruct } from "constructs";
import { writeAssembly } from "./synthesis/assembly.ts";
import type { Assembly } from "./synthesis/assembly-types.ts";
import { givenContext, outputDirectory, wantedTarget } from "./environment.ts";
import { targetNamed } from "./synthesis/target.ts";

/** How an app is synthesized this once. */
export interface SynthesisOptions {
  /** The folder to write to, whatever else says so. */
  readonly outdir?: string;
}

/** How an app is synthesized. What the `cloudstack` command says comes before what stands here. */
export interface AppProps {
  /**
   * The folder to write to.
   * @default cloudstack.out
   */
  readonly outdir?: string;
  /** What constructs find with `node.tryGetContext`. */
  readonly context?: { readonly [key: string]: unknown };
  /**
   * What to synthesize for.
   * @default cloudstacks
   */
  readonly target?: "cloudstacks" | "cloudformation" | "terraform";
}

const OUTPUT_DIRECTORY = "cloudstack.out";

/** The root of everything: a program makes one, fills it with stacks, and ends with `synth()`. */
export class App extends RootConstruct {
  readonly #props: AppProps;

  constructor(props: AppProps = {}) {
    super();
    this.#props = props;
    for (const [key, value] of Object.entries({ ...props.context, ...givenContext() }))
      this.node.setContext(key, value);
  }

  /**
   * Writes a template for each stack, and a manifest, to the output folder.
   * Errors: everything that is wrong with the app, at once.
   * @param options for this once
   */
  synth(options: SynthesisOptions = {}): Assembly {
    const directory = options.outdir ?? outputDirectory() ?? this.#props.outdir ?? OUTPUT_DIRECTORY;
    return writeAssembly(this, directory, targetNamed(wantedTarget() ?? this.#props.target));
  }
}
