import { describe, expect, test } from "vitest";
import { awsStacksUnderTest } from "../../testing/aws-stacks.ts";
import { TEST_SCOPE } from "../../testing/stack-engine.ts";
import { BUILT_IN_RULES } from "./built-in.ts";
import { checkPolicies, RuleFailed } from "./check.ts";
import type { Finding } from "./finding.ts";
import { readPolicyFiles } from "./policy-file.ts";
import type { Rule } from "./rule.ts";

const TODAY = "2026-11-21";

async function inspected(text: string, before?: string) {
  const under = awsStacksUnderTest();
  if (before !== undefined) await under.deploy(before);
  const source = { file: "web.yaml", text };
  const { resources, diagnostics } = await under.stacks.inspect({ scope: TEST_SCOPE, stack: "web", source });
  if (!resources) throw new Error(JSON.stringify(diagnostics));
  return resources;
}

/** `error public-access Site 7:9`, of what does not only ask for tags or points in time. */
async function found(text: string, options: { policies?: string; before?: string; rules?: readonly Rule[] } = {}) {
  const { set, diagnostics } = readPolicyFiles(
    options.policies === undefined ? [] : [{ file: "policy.yaml", text: options.policies }],
    options.rules ?? BUILT_IN_RULES,
  );
  expect(diagnostics).toEqual([]);
  const findings = await checkPolicies(await inspected(text, options.before), set, TODAY);
  return findings.filter(({ rule }) => rule !== "untagged" && rule !== "unrecoverable").map(line);
}

const line = ({ severity, rule, resource, range, waived }: Finding) =>
  `${severity} ${rule} ${resource} ${range?.line}:${range?.column}${waived ? " waived" : ""}`;

describe("the built-in rules", () => {
  test("find buckets, queues and topics that everybody may use, where the policy says so", async () => {
    const text = `Resources:
  Site:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
      VersioningConfiguration: {Status: Enabled}
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: false
  SitePolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Site
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: "111111111111"}, Action: "s3:*", Resource: "*"}
          - {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*"}
  Work: {Type: AWS::SQS::Queue}
  WorkPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Work]
      PolicyDocument:
        Statement:
          Effect: Allow
          Principal: {AWS: "*"}
          Action: sqs:SendMessage
          Resource: "*"
          Condition: {ArnEquals: {"aws:SourceArn": !GetAtt Site.Arn}}
`;
    expect(await found(text)).toEqual([
      "error public-access Site 5:7",
      "warning public-access-block Site 9:9",
      "error public-access SitePolicy 17:13",
    ]);
  });

  test("find what is not encrypted and keeps no versions, of native and AWS types alike", async () => {
    const text = `Resources:
  Plain: {Type: Bucket}
  Kept: {Type: Bucket, Properties: {Versioning: true}}
  Files: {Type: AWS::S3::Bucket}
  Open: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}
  News: {Type: AWS::SNS::Topic}
  Sealed: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
`;
    expect(await found(text)).toEqual([
      "warning unversioned Plain 2:3",
      "warning unversioned Files 4:3",
      "warning unencrypted Open 5:46",
      "warning unencrypted News 6:3",
    ]);
  });

  test("find what takes data with it when it goes, unless a policy keeps it", async () => {
    const bucket = (name: string, more = "") =>
      `{Type: Bucket, ${more} Properties: {Name: ${name}, Versioning: true}}`;
    const table = "{Type: Table, Properties: {PartitionKey: {Name: id, Type: S}}}";
    const before = `Resources: {Gone: ${bucket("gone-1")}, Moved: ${bucket("moved-1")}, Kept: ${bucket("kept-1")}, ` +
      `Loose: ${bucket("loose-1", "DeletionPolicy: Retain,")}, Items: ${table}}`;
    const after = `Resources:
  Moved: ${bucket("moved-2")}
  Kept: ${bucket("kept-2", "UpdateReplacePolicy: Retain,")}
  Items: {Type: Table, Properties: {PartitionKey: {Name: other, Type: S}}}
`;
    expect(await found(after, { before })).toEqual([
      "error replaces-data Moved 2:3",
      "error replaces-data Items 4:3",
      "error deletes-data Gone undefined:undefined",
    ]);
  });

  test("note what has no tags, and tables without points in time", async () => {
    const resources = await inspected(`Resources:
  Items: {Type: Table, Properties: {PartitionKey: {Name: id, Type: S}}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: team, Value: shop}]}}
`);
    const set = { rules: BUILT_IN_RULES, waivers: [], severities: {} };
    expect((await checkPolicies(resources, set, TODAY)).map(line)).toEqual([
      "note unrecoverable Items 2:3",
      "note untagged Items 2:3",
    ]);
  });
});

describe("a waiver", () => {
  const BUCKET = "Resources:\n  Plain: {Type: Bucket}\n  Other: {Type: Bucket}\n";
  const waiver = (resource: string, expires: string) =>
    `waivers:\n  - {rule: unversioned, resource: ${resource}, reason: a cache, expires: ${expires}}\n`;

  test("lets a finding be through its last day, and is a finding afterwards", async () => {
    expect(await found(BUCKET, { policies: waiver("Plain", "2026-11-21") })).toEqual([
      "warning unversioned Plain 2:3 waived",
      "warning unversioned Other 3:3",
    ]);
    expect(await found(BUCKET, { policies: waiver("P*", "2026-11-20") })).toEqual([
      "warning unversioned Plain 2:3",
      "warning unversioned Other 3:3",
      "warning expired-waiver P* 2:5",
    ]);
  });

  test("may stand in the resource's own metadata, and must be whole there", async () => {
    const own = (text: string) => `Resources:\n  Plain: {Type: Bucket, Metadata: {"cloudstacks:waive": [${text}]}}\n`;
    expect(await found(own("{rule: unversioned, reason: a cache, expires: 2027-01-31}"))).toEqual([
      "warning unversioned Plain 2:3 waived",
    ]);
    expect(await found(own("{rule: unversioned, reason: a cache}"))).toEqual([
      "error bad-waiver Plain 2:3",
      "warning unversioned Plain 2:3",
    ]);
  });
});

describe("rules of a user's own", () => {
  const QUEUES = `Resources:
  Jobs:
    Type: Queue
    Properties:
      VisibilityTimeout: 10
      DeadLetterQueue: !Ref Dead
      Labels: {team: shop}
  Dead: {Type: Queue, Properties: {Name: dead, MessageRetention: 1209600}}
`;
  const rule = (text: string) => `severities: {unversioned: "off"}\nrules:\n  - ${text}\n`;
  const foundBy = (text: string) => found(QUEUES, { policies: rule(text) });

  test.each([
    ["{name: slow, on: Queue, require: {VisibilityTimeout: {atLeast: 20}}}", ["error slow Jobs 5:7"]],
    ["{name: slow, on: [Q*], severity: note, forbid: {VisibilityTimeout: 10}}", ["note slow Jobs 5:7"]],
    ["{name: named, require: {Name: {exists: true}}}", ["error named Jobs 2:3"]],
    ["{name: short, when: {Name: dead}, require: {MessageRetention: {atMost: 60}}}", ["error short Dead 8:48"]],
    ["{name: owned, tags: [team, stage]}", ["error owned Jobs 2:3", "error owned Dead 8:3"]],
    ["{name: owner, require: {Labels.team: {in: [press, shop]}}, when: {Labels: {exists: true}}}", []],
    ["{name: texts, forbid: {'Labels.*': {matches: 'sh.p'}}}", ["error texts Jobs 7:16"]],
    ["{name: dead, require: {DeadLetterQueue: {contains: dead}}, when: {DeadLetterQueue: {exists: true}}}", []],
    ["{name: none-new, on: '*', actions: [create], message: Nothing is made here}", [
      "error none-new Jobs 2:3",
      "error none-new Dead 8:3",
    ]],
  ])("%s", async (text, expected) => {
    expect(await foundBy(text)).toEqual(expected);
  });

  test("say that what is known only after apply could not be checked", async () => {
    const text = "Resources:\n  A: {Type: Queue, Properties: {DeadLetterQueue: !Ref B}}\n  B: {Type: Queue}\n";
    const wanted = "when: {DeadLetterQueue: {exists: true}}, require: {DeadLetterQueue: b}";
    const policies = `rules:\n  - {name: dead, ${wanted}}\n`;
    expect(await found(text, { policies })).toEqual(["note dead A 2:33"]);
  });

  test("may be functions, whose failure fails the check", async () => {
    const long: Rule = {
      name: "long",
      severity: "warning",
      summary: "Names are short.",
      check: ({ logicalId }) => (logicalId.length > 3 ? `${logicalId} is long` : undefined),
    };
    const text = "Resources: {A: {Type: Queue}, Long: {Type: Queue}}";
    expect(await found(text, { rules: [long] })).toEqual(["warning long Long 1:31"]);
    const broken: Rule = {
      ...long,
      check: () => {
        throw new TypeError("no such property");
      },
    };
    await expect(found(text, { rules: [broken] })).rejects.toThrow(RuleFailed);
  });
});

describe("a file of policies", () => {
  const problems = (text: string) =>
    readPolicyFiles([{ file: "policy.yaml", text }], BUILT_IN_RULES).diagnostics.map(({ message, range, hint }) =>
      [`${range?.line}:${range?.column} ${message}`, hint ?? []].flat().join("; "),
    );

  test("may be empty, or only comments", () => {
    expect([problems(""), problems("# nothing yet\n\n")]).toEqual([[], []]);
  });

  test("tells what is wrong with its place, and what was meant", () => {
    expect(problems("rule: []\n")).toEqual([
      '1:1 unknown property "rule" of policy.yaml; did you mean "rules"?',
    ]);
    expect(problems('severities:\n  untaged: error\n  untagged: fatal\n')).toEqual([
      "3:13 severities.untagged of policy.yaml cannot be \"fatal\"; use one of error, warning, note, off",
    ]);
    expect(problems("severities:\n  untaged: error\n")).toEqual([
      '2:3 there is no rule "untaged"; did you mean "untagged"?',
    ]);
    expect(problems("rules:\n  - {name: slow, require: {VisibilityTimeout: {atleast: 30}}}\n")).toEqual([
      '2:48 unknown property "atleast" of rules[0].require.VisibilityTimeout of policy.yaml; did you mean "atLeast"?',
    ]);
    expect(problems("waivers:\n  - {rule: untagged, reason: old}\n")).toEqual([
      '2:5 waivers[0] of policy.yaml needs the property "expires"',
    ]);
    expect(problems("rules:\n  - {name: untagged}\n")).toEqual(['2:12 there is a rule "untagged" already']);
    expect(problems("rules:\n  - {name: a, require: {Name: {matches: '('}}}\n")[0]).toContain(
      '2:41 "(" is no regular expression',
    );
  });
});
