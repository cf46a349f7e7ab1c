/**
 * Services that own the same routing key: target prefix and operation, query version and action, or REST route under
 * one signing name. AWS tells them apart by host, which a client with a custom endpoint does not send.
 * A host that names one of them always wins; without it the first of a row does. A test over all models shows that no
 * other two services share a key.
 */
const PRECEDENCE: readonly { readonly services: readonly string[]; readonly reason: string }[] = [
  {
    services: ["rds", "docdb", "neptune"],
    reason: "DocumentDB and Neptune speak RDS's API in parts; RDS has all of it",
  },
  { services: ["timestream-write", "timestream-query"], reason: "tables, which carry the tags, are the writer's" },
  { services: ["bedrock-agent", "bedrock-agent-runtime"], reason: "agents are tagged where they are made" },
  { services: ["bedrock", "bedrock-data-automation"], reason: "models are tagged more often than automation projects" },
  {
    services: [
      "chime",
      "chime-sdk-voice",
      "chime-sdk-meetings",
      "chime-sdk-messaging",
      "chime-sdk-identity",
      "chime-sdk-media-pipelines",
    ],
    reason: "the SDK services are cut out of Chime and took its paths along",
  },
  { services: ["greengrassv2", "greengrass"], reason: "the first version takes no new customers" },
  { services: ["ivs", "ivs-realtime"], reason: "channels came first; both only share tagging" },
  { services: ["lambda", "lambda-microvms"], reason: "functions are tagged more often than micro machines" },
  { services: ["lexv2-models", "lex-models"], reason: "the first version has ended" },
  { services: ["signer", "signer-data"], reason: "the data side repeats one read of the control side" },
  { services: ["sms-voice", "pinpoint-sms-voice"], reason: "one API under two names" },
  { services: ["qconnect", "wisdom"], reason: "Wisdom was renamed to Q in Connect" },
];

const rowOf = new Map(PRECEDENCE.flatMap((row) => row.services.map((id) => [id, row.services] as const)));

/** Comparator of services: the one that wins their common keys first; others stay as they stand. */
export function byPrecedence(a: { readonly id: string }, b: { readonly id: string }): number {
  const row = rowOf.get(a.id);
  return row === undefined || row !== rowOf.get(b.id) ? 0 : row.indexOf(a.id) - row.indexOf(b.id);
}

/** True when a row says which of two services a common key goes to. */
export function isSettled(first: string, second: string): boolean {
  return rowOf.has(first) && rowOf.get(first) === rowOf.get(second);
}
