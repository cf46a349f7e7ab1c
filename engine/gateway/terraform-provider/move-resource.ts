import type { HeldState, MovedState } from "../../protocols/terraform/provider.ts";
import { heldAsItIs } from "./apply-resource.ts";
import { idsOf } from "./data-sources.ts";
import { ID, type Mapping } from "./mapping.ts";
import { PROVIDER_NAME } from "./names.ts";
import { readLive, type ProviderSession } from "./session.ts";

/** Types of other providers whose resources are records of ours, by the type that templates name them with. */
const FOREIGN: Readonly<Record<string, string>> = {
  aws_dynamodb_table: "AWS::DynamoDB::Table",
  aws_s3_bucket: "AWS::S3::Bucket",
  aws_s3_bucket_policy: "AWS::S3::BucketPolicy",
  aws_sns_topic: "AWS::SNS::Topic",
  aws_sns_topic_subscription: "AWS::SNS::Subscription",
  aws_sqs_queue: "AWS::SQS::Queue",
};
const AWS_PROVIDER = "hashicorp/aws";

/** A provider's address without its registry. */
const nameOf = (provider: string) => provider.split("/").slice(-2).join("/");

const refused = (summary: string, detail: string): HeldState => ({
  state: null,
  diagnostics: [{ severity: "error", summary, detail }],
});

/**
 * A resource that was managed under another type, of this provider or of AWS's, and shows the same record under this
 * one. Nothing about it changes.
 */
export async function moveResource(
  session: ProviderSession,
  mapping: Mapping,
  mappings: ReadonlyMap<string, Mapping>,
  from: MovedState,
): Promise<HeldState> {
  const { type } = mapping;
  const source = nameOf(from.provider) === PROVIDER_NAME ? ownType(mappings, from.type) : foreignType(from);
  const familyOf = (name: string) => mappings.get(name)?.type.twinOf ?? name;
  if (source === undefined || familyOf(source) !== familyOf(type.name)) {
    const summary = `A ${from.type} cannot become a ${mapping.name}`;
    return refused(summary, `Only types that show the same records can: ${relatives(mapping, mappings)}.`);
  }
  const held = JSON.parse(from.json) as Readonly<Record<string, unknown>>;
  const moved = await heldUnder(session, mapping, textsOf(held));
  if (moved) return moved;
  const summary = `${from.type} ${String(held[ID])} is not there as a ${mapping.name}`;
  return refused(summary, "Does the provider of the moved block work in the same account and region?");
}

const ownType = (mappings: ReadonlyMap<string, Mapping>, name: string): string | undefined =>
  [...mappings.values()].find((each) => each.name === name)?.type.name;
const foreignType = ({ provider, type }: MovedState) => (nameOf(provider) === AWS_PROVIDER ? FOREIGN[type] : undefined);

function relatives(mapping: Mapping, mappings: ReadonlyMap<string, Mapping>): string {
  const family = mapping.type.twinOf ?? mapping.type.name;
  const own = [...mappings.values()].filter(({ type }) => (type.twinOf ?? type.name) === family);
  const names = new Set(own.map(({ type }) => type.name));
  const foreign = Object.entries(FOREIGN).flatMap(([name, target]) => (names.has(target) ? [name] : []));
  return [...own.map(({ name }) => name), ...foreign].filter((name) => name !== mapping.name).join(", ") || "none";
}

/** A resource's id, name and ARN are texts of its state, its id first. */
const textsOf = (state: Readonly<Record<string, unknown>>): string[] => {
  const texts = Object.entries(state).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts.toSorted(([a], [b]) => Number(b === ID) - Number(a === ID)).map(([, text]) => text);
};

/**
 * The resource that one of these texts is the id of, or else one that it is referred to by. Looked up before it is
 * looked for: a list may leave out what has no name for others yet, such as a subscription nobody confirmed.
 */
export async function heldUnder(
  session: ProviderSession,
  mapping: Mapping,
  texts: readonly string[],
): Promise<HeldState | undefined> {
  const wanted = new Set(texts.filter((text) => text !== ""));
  for (const text of wanted) {
    const live = await readLive(session, mapping, text);
    if (live) return heldAsItIs(mapping, live);
  }
  for (const id of await idsOf(session, mapping)) {
    const live = await readLive(session, mapping, id);
    if (live && wanted.has(String(live.attributes[mapping.type.ref as string]))) return heldAsItIs(mapping, live);
  }
  return undefined;
}
