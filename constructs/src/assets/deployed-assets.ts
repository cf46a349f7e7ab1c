import type { IConstruct } from "constructs";
import { stackAround, type StackBoundary } from "../synthesis/stack-boundary.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Something that is uploaded before a stack is deployed. */
export interface DeployedAsset {
  readonly content: Fingerprint;
  /** `${AWS::AccountId}` and `${AWS::Region}` in it are filled in by the deployment. */
  readonly bucket: string;
  readonly key: string;
}

const byConstruct = new WeakMap<IConstruct, DeployedAsset>();

export function registerAsset(construct: IConstruct, asset: DeployedAsset): void {
  byConstruct.set(construct, asset);
}

/** Each asset of a stack once, however often it is used. */
export function assetsOf(stack: StackBoundary): readonly DeployedAsset[] {
  const own = stack.construct.node.findAll().filter((construct) => stackAround(construct) === stack);
  const assets = own.flatMap((construct) => byConstruct.get(construct) ?? []);
  return [...new Map(assets.map((asset) => [`${asset.bucket}/${asset.key}`, asset])).values()];
}
