import { join } from "node:path";
import { AssemblyProblem, type Asset, type AssemblyStack } from "./assembly.ts";

interface CdkArtifact {
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

/** The manifest of a `cdk.out`, as far as a deployment needs it. Source: the CDK's cloud assembly schema */
export interface CdkManifest {
  readonly artifacts?: Readonly<Record<string, CdkArtifact>>;
}

interface CdkAssets {
  readonly files?: Readonly<
    Record<
      string,
      {
        /** Without a path: the output of a command. */
        readonly source: { readonly path?: string; readonly packaging?: "file" | "zip" };
        readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
      }
    >
  >;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
}

/** How the files of an assembly are read. Errors: `AssemblyProblem` */
export interface FileReader {
  text(file: string): string;
  json<T>(file: string): T;
}

const nameOf = (id: string, { properties }: CdkArtifact) => properties?.stackName ?? id;

/** The stacks of a `cdk.out`, those of its stages included. */
export function readCdkStacks(root: string, manifest: CdkManifest, files: FileReader): AssemblyStack[] {
  const artifacts = Object.entries(manifest.artifacts ?? {});
  const stackNames = new Map(
    artifacts.filter(([, { type }]) => type === "aws:cloudformation:stack").map(([id, each]) => [id, nameOf(id, each)]),
  );
  const assetsIn = new Map(
    artifacts
      .filter(([, { type }]) => type === "cdk:asset-manifest")
      .map(([id, { properties }]) => [id, join(root, properties?.file ?? `${id}.json`)]),
  );
  return artifacts.flatMap(([id, artifact]) => {
    const { type, properties = {}, dependencies = [] } = artifact;
    if (type === "cdk:cloud-assembly") {
      const stage = join(root, properties.directoryName ?? "");
      return readCdkStacks(stage, files.json<CdkManifest>(join(stage, "manifest.json")), files);
    }
    if (type !== "aws:cloudformation:stack") return [];
    const file = join(root, properties.templateFile ?? `${id}.template.json`);
    return {
      name: nameOf(id, artifact),
      file,
      template: withoutBootstrap(files.text(file)),
      dependencies: dependencies.flatMap((each) => stackNames.get(each) ?? []),
      parameters: properties.parameters ?? {},
      ...(properties.tags && { tags: properties.tags }),
      scope: scopeOf(artifact),
      assets: dependencies.flatMap((each) => {
        const assets = assetsIn.get(each);
        if (assets === undefined) return [];
        return readAssets(root, takeable(files.json<CdkAssets>(assets), assets), properties.templateFile);
      }),
    };
  });
}

function scopeOf({ environment = "" }: CdkArtifact): AssemblyStack["scope"] {
  const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment) ?? [];
  return {
    ...(account !== undefined && account !== "unknown-account" && { account }),
    ...(region !== undefined && region !== "unknown-region" && { region }),
  };
}

/** Errors: `AssemblyProblem` for an asset that would have to be built */
function takeable(assets: CdkAssets, file: string): CdkAssets {
  const { files = {}, dockerImages = {} } = assets;
  const [image] = Object.keys(dockerImages);
  const [made] = Object.entries(files).find(([, { source }]) => source.path === undefined) ?? [];
  const built = image === undefined ? made && `what a command makes as asset ${made}` : `the container image ${image}`;
  if (built === undefined) return assets;
  throw new AssemblyProblem(`${file} wants ${built}: only files and folders are taken as assets.`);
}

/** The template goes as such, not as an asset. */
function readAssets(root: string, { files = {} }: CdkAssets, template: string | undefined): Asset[] {
  return Object.values(files).flatMap(({ source, destinations }) => {
    const { path, packaging } = source;
    if (path === undefined || path === template) return [];
    return Object.values(destinations).map(({ bucketName, objectKey }) => ({
      path: join(root, path),
      isZipped: packaging === "zip",
      bucket: bucketName,
      key: objectKey,
    }));
  });
}

interface Bootstrapped {
  Parameters?: Record<string, unknown>;
  Rules?: Record<string, unknown>;
}

/**
 * The template without its question whether the account was bootstrapped for the CDK: this engine takes assets
 * without. What it says otherwise stays as it is, to the letter where there is no such question.
 */
function withoutBootstrap(text: string): string {
  if (!text.includes("CheckBootstrapVersion")) return text;
  const template = JSON.parse(text) as Bootstrapped;
  const { BootstrapVersion: _version, ...parameters } = template.Parameters ?? {};
  const { CheckBootstrapVersion: _check, ...rules } = template.Rules ?? {};
  const { Parameters: _parameters, Rules: _rules, ...rest } = template;
  const kept = {
    ...rest,
    ...(Object.keys(parameters).length > 0 && { Parameters: parameters }),
    ...(Object.keys(rules).length > 0 && { Rules: rules }),
  };
  return JSON.stringify(kept, null, 1);
}
