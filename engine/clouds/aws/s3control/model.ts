import type { PublicAccessBlockConfiguration } from "../../../models/aws/s3control.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { accessPointArn } from "../access-point-arn.ts";
import type { WireCall } from "../binding.ts";
import type { AwsTag } from "../tags.ts";
import { accessGrantsArn } from "./arns.ts";

type Blocked = "refusesLists" | "ignoresLists" | "refusesPolicies" | "restrictsPolicies";
type PublicAccess = Readonly<Record<Blocked, boolean>>;

/** Every request names the account it is about; nobody speaks for another's. */
export function ownAccount({ AccountId }: { readonly AccountId: string }, call: WireCall): Record<string, never> {
  if (AccountId === call.account) return {};
  throw new AwsFailure({ code: "AccessDenied", status: 403, message: "Access Denied" });
}

/** What is not said is off. */
export const publicAccessOf = (said: PublicAccessBlockConfiguration): PublicAccess => ({
  refusesLists: said.BlockPublicAcls ?? false,
  ignoresLists: said.IgnorePublicAcls ?? false,
  refusesPolicies: said.BlockPublicPolicy ?? false,
  restrictsPolicies: said.RestrictPublicBuckets ?? false,
});
export const publicAccessBlock = (kept: PublicAccess): PublicAccessBlockConfiguration => ({
  BlockPublicAcls: kept.refusesLists,
  IgnorePublicAcls: kept.ignoresLists,
  BlockPublicPolicy: kept.refusesPolicies,
  RestrictPublicBuckets: kept.restrictsPolicies,
});

/** Requests name an access point, or the ARN of one in the caller's account and region. */
export function accessPointName(said: string, call: WireCall): string {
  const own = accessPointArn("", call);
  return said.startsWith(own) ? said.slice(own.length) : said;
}

/** What of the caller's access grants an ARN names. */
function grantedThing(arn: string, call: WireCall) {
  const instance = accessGrantsArn(call);
  if (arn === instance) return { of: "instance" as const };
  const [below, of, id] = arn.startsWith(instance) ? arn.slice(instance.length).split("/") : [];
  if (below !== "" || id === undefined) return undefined;
  return of === "location" || of === "grant" ? { of: of as "location" | "grant", id } : undefined;
}

/** What an ARN names that can be tagged here: a bucket, an access point or what is granted, of the caller. */
export function resourceOf(wire: { readonly AccountId: string; readonly ResourceArn: string }, call: WireCall) {
  const bucket = /^arn:[a-z-]+:s3:::([^/]+)$/.exec(wire.ResourceArn)?.[1];
  ownAccount(wire, call);
  if (bucket !== undefined) return { kind: "bucket" as const, name: bucket };
  const own = accessPointArn("", call);
  if (wire.ResourceArn.startsWith(own))
    return { kind: "access-point" as const, name: wire.ResourceArn.slice(own.length) };
  const granted = grantedThing(wire.ResourceArn, call);
  if (granted) return { kind: "grants" as const, ...granted };
  throw new AwsFailure({
    code: "NotImplemented",
    status: 501,
    message: `CloudStacks keeps no tags of ${wire.ResourceArn}.`,
  });
}

/** Refuses by name what a request says and the engine would ignore to its sender's harm. */
export function refuseMembers<W extends object>(wire: W, ...names: readonly (keyof W & string)[]): void {
  for (const name of names) {
    if (wire[name] === undefined) continue;
    const message = `CloudStacks does not implement the parameter ${name}.`;
    throw new AwsFailure({ code: "NotImplemented", status: 501, message });
  }
}

interface Tag {
  readonly key: string;
  readonly value: string;
}
export const tagsOf = (wire: readonly AwsTag[]): Tag[] => wire.map(({ Key, Value }) => ({ key: Key, value: Value }));
export const wireTags = (tags: readonly Tag[]): AwsTag[] => tags.map(({ key, value }) => ({ Key: key, Value: value }));
