import type {
  NotificationConfiguration,
  NotificationConfigurationFilter,
} from "../../../../models/aws/s3.generated.ts";
import type { NotificationRule, ObjectEventName } from "../../../../services/objects/service.ts";
import { badArgument } from "./faults.ts";

/** How S3 calls what happens to an object. */
export const EVENT_NAMES: Readonly<Record<ObjectEventName, string>> = {
  "created.put": "ObjectCreated:Put",
  "created.post": "ObjectCreated:Post",
  "created.copy": "ObjectCreated:Copy",
  "created.upload": "ObjectCreated:CompleteMultipartUpload",
  "removed.delete": "ObjectRemoved:Delete",
  "removed.marker": "ObjectRemoved:DeleteMarkerCreated",
  "expired.delete": "LifecycleExpiration:Delete",
  "expired.marker": "LifecycleExpiration:DeleteMarkerCreated",
  transitioned: "LifecycleTransition",
  "restore.begun": "ObjectRestore:Post",
  "restore.done": "ObjectRestore:Completed",
  "restore.expired": "ObjectRestore:Delete",
  "tags.put": "ObjectTagging:Put",
  "tags.deleted": "ObjectTagging:Delete",
  "access.put": "ObjectAcl:Put",
  "retention.put": "ObjectRetention:Put",
  "replication.failed": "Replication:OperationFailedReplication",
};
/** Events that S3 knows and that never happen here: nothing is lost, and replication does not lag. */
const NEVER: ReadonlySet<string> = new Set([
  "ReducedRedundancyLostObject",
  "Replication:OperationNotTracked",
  "Replication:OperationMissedThreshold",
  "Replication:OperationReplicatedAfterThreshold",
  "IntelligentTiering",
  "ObjectAnnotation:*",
  "ObjectAnnotation:Put",
  "ObjectAnnotation:Delete",
]);
const names = Object.entries(EVENT_NAMES) as [ObjectEventName, string][];

function eventsOf(wire: readonly string[]): ObjectEventName[] {
  return wire.flatMap((given) => {
    const name = given.replace(/^s3:/, "");
    const found = names.filter(([, known]) =>
      name.endsWith(":*") ? known.startsWith(name.slice(0, -1)) : known === name,
    );
    if (found.length === 0 && !NEVER.has(name))
      throw badArgument("A specified event is not supported for notifications.");
    return found.map(([event]) => event);
  });
}

function keysOf(filter: NotificationConfigurationFilter | undefined): { prefix?: string; suffix?: string } {
  const found: { prefix?: string; suffix?: string } = {};
  for (const { Name = "", Value = "" } of filter?.Key?.FilterRules ?? []) {
    const name = Name.toLowerCase();
    if (name !== "prefix" && name !== "suffix")
      throw badArgument("filter rule name must be either prefix or suffix");
    if (found[name] !== undefined)
      throw badArgument(`Cannot specify more than one ${name} rule in a filter.`);
    found[name] = Value;
  }
  return found;
}

function targetOf(arn: string, service: "sqs" | "sns"): NotificationRule["target"] {
  const form = new RegExp(`^arn:[a-z-]+:${service}:([a-z0-9-]+):(\\d{12}):([^:]+)$`);
  const [, region, account, name] = form.exec(arn) ?? [];
  if (region === undefined || account === undefined || name === undefined)
    throw badArgument("The ARN could not be parsed");
  return { kind: service === "sqs" ? "queue" : "topic", region, account, name };
}

const overlaps = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);
const reversed = (text: string): string => [...text].reverse().join("");

/** Two rules may not both want the same event of one key. */
function checkOverlaps(rules: readonly NotificationRule[]): void {
  for (const [at, one] of rules.entries()) {
    for (const other of rules.slice(at + 1)) {
      const isShared =
        one.events.some((event) => other.events.includes(event))
        && overlaps(one.prefix ?? "", other.prefix ?? "")
        && overlaps(reversed(one.suffix ?? ""), reversed(other.suffix ?? ""));
      if (isShared)
        throw badArgument(
          "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
        );
    }
  }
}

interface Configuration {
  readonly Id?: string;
  readonly Events: readonly string[];
  readonly Filter?: NotificationConfigurationFilter;
}

const named = <C extends Configuration>(all: readonly C[] | undefined, kind: string) =>
  all?.map((one, at) => ({ ...one, Id: one.Id || `${kind}-${at + 1}` }));
const ruleOf = (one: Configuration & { Id: string }, target: NotificationRule["target"]): NotificationRule => ({
  id: one.Id,
  target,
  events: eventsOf(one.Events),
  ...keysOf(one.Filter),
});

/** A notification configuration as it is kept, and what of it is acted on. Errors: `AwsFailure` as S3 refuses. */
export function notificationsOf(given: NotificationConfiguration) {
  const QueueConfigurations = named(given.QueueConfigurations, "queue");
  const TopicConfigurations = named(given.TopicConfigurations, "topic");
  const LambdaFunctionConfigurations = named(given.LambdaFunctionConfigurations, "function");
  const notification = [
    ...(QueueConfigurations ?? []).map((one) => ruleOf(one, targetOf(one.QueueArn, "sqs"))),
    ...(TopicConfigurations ?? []).map((one) => ruleOf(one, targetOf(one.TopicArn, "sns"))),
  ];
  checkOverlaps(notification);
  return {
    document: {
      ...(QueueConfigurations && { QueueConfigurations }),
      ...(TopicConfigurations && { TopicConfigurations }),
      ...(LambdaFunctionConfigurations && { LambdaFunctionConfigurations }),
      ...(given.EventBridgeConfiguration && { EventBridgeConfiguration: given.EventBridgeConfiguration }),
    },
    rules: { notification },
  };
}
