import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AssemblyProblem, inOrder, type Assembly, type AssemblyStack } from "./assembly.ts";
import { withNestedAssets } from "./nested-assets.ts";
import { readCdkStacks, type CdkManifest, type FileReader } from "./cdk-assembly.ts";

const MANIFEST = "manifest.json";
const FILES: FileReader = { text: readText, json: readJson };

/** Whether a folder is what a synthesis left, by CloudStacks' constructs or by the CDK. */
export const isAssembly = (directory: string): boolean => existsSync(join(directory, MANIFEST));

/** A stack as the manifest of CloudStacks' constructs has it. */
interface ManifestStack {
  readonly name: string;
  readonly template: string;
  readonly dependencies?: readonly string[];
  readonly account?: string;
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly assets?: readonly {
    readonly path: string;
    readonly kind: "file" | "directory";
    readonly bucket: string;
    readonly key: string;
  }[];
}

interface Manifest {
  readonly version: number;
  readonly target?: string;
  readonly stacks: readonly ManifestStack[];
}

/** As CDK Terrain writes it. */
interface TerrainManifest {
  readonly version: string;
  readonly stacks: Readonly<Record<string, { readonly workingDirectory?: string }>>;
}

/**
 * Reads what a synthesis left, to deploy it or only to tell what it is.
 * Errors: `AssemblyProblem`; also for what is to be deployed and was written for another tool
 */
export function readAssembly(directory: string, use: "deployment" | "listing" = "deployment"): Assembly {
  const root = resolve(directory);
  if (!isAssembly(root))
    throw new AssemblyProblem(`${directory} is not a synthesized app: it has no ${MANIFEST}.`, [
      "cloudstack synth makes one from cloudstack.json; the CDK makes cdk.out.",
    ]);
  const manifest = readJson<Manifest | TerrainManifest | CdkManifest>(join(root, MANIFEST));
  if ("stacks" in manifest && !Array.isArray(manifest.stacks))
    throw writtenForTerraform(directory, Object.values((manifest as TerrainManifest).stacks)[0]?.workingDirectory);
  if (isOurs(manifest) && manifest.version !== 1)
    throw new AssemblyProblem(`${directory} was written by a later version: its manifest is ${manifest.version}.`);
  if (isOurs(manifest) && manifest.target === "terraform" && use === "deployment")
    throw writtenForTerraform(directory, manifest.stacks[0] && dirname(manifest.stacks[0].template));
  const stacks = isOurs(manifest) ? manifest.stacks.map((stack) => readStack(root, stack)) : undefined;
  const read = stacks ?? readCdkStacks(root, manifest as CdkManifest, FILES);
  return { directory: root, stacks: inOrder(read.map((stack) => withNestedAssets(stack, readText))) };
}

const isOurs = (manifest: Manifest | TerrainManifest | CdkManifest): manifest is Manifest =>
  "stacks" in manifest && Array.isArray(manifest.stacks);

const writtenForTerraform = (directory: string, module = ""): AssemblyProblem =>
  new AssemblyProblem(`${directory} was synthesized for Terraform, which deploys it.`, [
    `cd ${join(directory, module)} && cloudstack terraform init && cloudstack terraform apply`,
    "An app of constructs is synthesized for this engine without a target: cloudstack synth",
  ]);

function readStack(root: string, stack: ManifestStack): AssemblyStack {
  const { name, dependencies = [], parameters = {}, tags, account, region, assets = [] } = stack;
  const file = join(root, stack.template);
  return {
    name,
    file,
    template: readText(file),
    dependencies,
    parameters,
    ...(tags && { tags }),
    scope: { ...(account !== undefined && { account }), ...(region !== undefined && { region }) },
    assets: assets.map(({ path, kind, bucket, key }) => ({
      path: join(root, path),
      isZipped: kind === "directory",
      bucket,
      key,
    })),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (problem) {
    throw new AssemblyProblem(`${file} cannot be read: ${(problem as Error).message}`, ["Synthesize again."], problem);
  }
}

function readJson<T>(file: string): T {
  try {
    return JSON.parse(readText(file)) as T;
  } catch (problem) {
    if (problem instanceof AssemblyProblem) throw problem;
    throw new AssemblyProblem(`${file} is not JSON: ${(problem as Error).message}`, ["Synthesize again."], problem);
  }
}
