import { Construct } from "constructs";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { registerAsset } from "../assets/deployed-assets.ts";
import { fingerprint } from "../assets/fingerprint.ts";
import { Stack } from "../stack.ts";
import { IncludedTemplate } from "./included-template.ts";

/** A synthesized CDK app that becomes a part of an app. */
export interface IncludedCdkAppProps {
  /** The folder that the CDK synthesized to: `cdk.out`. */
  readonly directory: string;
}

interface Artifact {
  readonly type: string;
  /** `aws://ACCOUNT/REGION`, either of them `unknown-account`, `unknown-region`. */
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
    /** Of an asset manifest. */
    readonly file?: string;
    /** Of a stage. */
    readonly directoryName?: string;
  };
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, FileAsset>>;
}

interface FileAsset {
  readonly source: { readonly path?: string };
  readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
}

/**
 * The stacks of a synthesized CDK app, with the names, dependencies, parameters, tags and assets that they have there.
 * Source: the CDK's cloud assembly schema
 */
export class IncludedCdkApp extends Construct {
  readonly #stacks = new Map<string, Stack>();
  readonly #templates = new Map<string, IncludedTemplate>();

  constructor(scope: Construct, id: string, props: IncludedCdkAppProps) {
    super(scope, id);
    const directory = resolve(props.directory);
    if (!existsSync(join(directory, "manifest.json")))
      throw new Error(`${directory} is not a synthesized CDK app: it has no manifest.json`);
    this.#include(this, directory);
  }

  /**
   * A stack of the app.
   * @param stackName what it is called where it is deployed
   */
  stack(stackName: string): Stack {
    return this.#named(this.#stacks, stackName);
  }

  /**
   * The template of a stack, to refer to its resources and to change them.
   * @param stackName what the stack is called where it is deployed
   */
  template(stackName: string): IncludedTemplate {
    return this.#named(this.#templates, stackName);
  }

  #named<T>(all: ReadonlyMap<string, T>, name: string): T {
    const found = all.get(name);
    if (found === undefined) throw new Error(`the CDK app has no stack "${name}": ${[...all.keys()].join(", ")}`);
    return found;
  }

  #include(scope: Construct, directory: string): void {
    const { artifacts = {} } = readJson<Manifest>(join(directory, "manifest.json"));
    const byArtifact = new Map<string, Stack>();
    for (const [id, artifact] of Object.entries(artifacts)) {
      if (artifact.type === "cdk:cloud-assembly")
        this.#include(new Construct(scope, id), join(directory, artifact.properties?.directoryName ?? id));
      if (artifact.type === "aws:cloudformation:stack")
        byArtifact.set(id, this.#stackOf(scope, id, artifact, directory));
    }
    for (const [id, stack] of byArtifact) {
      for (const dependency of artifacts[id]?.dependencies ?? []) {
        const other = byArtifact.get(dependency);
        if (other) stack.addDependency(other);
        const manifest = artifacts[dependency];
        if (manifest?.type === "cdk:asset-manifest")
          includeAssets(stack, directory, manifest.properties?.file ?? "", artifacts[id]?.properties?.templateFile);
      }
    }
  }

  #stackOf(scope: Construct, id: string, { environment, properties = {} }: Artifact, directory: string): Stack {
    const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment ?? "") ?? [];
    const stackName = properties.stackName ?? id;
    const stack = new Stack(scope, id, {
      stackName,
      ...(account !== undefined && account !== "unknown-account" && { account }),
      ...(region !== undefined && region !== "unknown-region" && { region }),
      tags: properties.tags ?? {},
      parameters: properties.parameters ?? {},
    });
    const file = join(directory, properties.templateFile ?? `${id}.template.json`);
    this.#stacks.set(stackName, stack);
    this.#templates.set(stackName, new IncludedTemplate(stack, "Template", { file }));
    return stack;
  }
}

/** Files of the app that its templates need; the template goes as such, not as an asset. */
function includeAssets(stack: Stack, directory: string, manifest: string, template: string | undefined): void {
  const { files = {} } = readJson<AssetManifest>(join(directory, manifest));
  const scope = new Construct(stack, `Assets of ${basename(manifest)}`);
  for (const [hash, { source, destinations }] of Object.entries(files)) {
    if (source.path === undefined || source.path === template) continue;
    const content = fingerprint(join(directory, source.path), new Set());
    for (const [name, { bucketName, objectKey }] of Object.entries(destinations))
      registerAsset(new Construct(scope, `${hash} ${name}`), { content, bucket: bucketName, key: objectKey });
  }
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;
