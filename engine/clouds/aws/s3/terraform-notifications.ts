import type { Expression } from "../../../stack/expressions/expression.ts";
import { entryOf, inlined, textIn, type Forms, type Made } from "../../../stack/export/terraform/arguments.ts";
import { UnsaidInTerraform, type Argument } from "../../../stack/export/terraform/terraform-type.ts";

/** Terraform takes a list of events where CloudFormation says one. */
const events: Made = (value) => [{ name: "events", value: { kind: "list", items: [value], span: value.span } }];

/** `{ S3Key: { Rules: [{ Name: prefix, Value: in/ }] } }` */
const keyFilter: Made = (filter) => {
  const rules = entryOf(entryOf(filter, "S3Key"), "Rules");
  if (rules?.kind !== "list") throw new UnsaidInTerraform("the filter of a notification is not written out");
  return rules.items.map((rule): Argument => {
    const value = entryOf(rule, "Value");
    if (!value) throw new UnsaidInTerraform("the filter of a notification is not written out");
    return { name: `filter_${(textIn(entryOf(rule, "Name")) ?? "").toLowerCase()}`, value };
  });
};

const told = (name: string, forms: Forms): Made =>
  function tell(value: Expression) {
    const items = value.kind === "list" ? value.items : [value];
    return items.map((item) => ({ block: name, body: inlined({ Event: events, Filter: keyFilter, ...forms })(item) }));
  };

/** Whom a bucket tells of what. */
export const notificationArguments: Made = inlined({
  QueueConfigurations: told("queue", { Queue: "queue_arn" }),
  TopicConfigurations: told("topic", { Topic: "topic_arn" }),
  LambdaConfigurations: told("lambda_function", { Function: "lambda_function_arn" }),
  EventBridgeConfiguration: inlined({ EventBridgeEnabled: "eventbridge" }),
});
