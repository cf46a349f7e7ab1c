import { describe, expect, test } from "vitest";
import { defineErrors } from "../services/errors.ts";
import { stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";
import { thingsService } from "../testing/stack-things.ts";
import type { DynamicReference, StoredValues } from "./parameters/stored-values.ts";

const refusals = defineErrors({
  AccessDenied: { kind: "permissionDenied", message: (p: { secret: string }) => `${p.secret} is not for you.` },
});

/** Stored values under test, and what was asked of them. */
function storing(values: Record<string, string>) {
  const asked: DynamicReference[] = [];
  const storedValues: StoredValues = {
    services: ["ssm", "ssm-secure", "secretsmanager"],
    async resolve(reference) {
      asked.push(reference);
      const name = reference.service === "secretsmanager" ? reference.secret : reference.name;
      if (name === "forbidden") throw refusals.AccessDenied({ secret: name });
      return values[name];
    },
  };
  return { asked, under: stacksUnderTest([thingsService()], { storedValues }) };
}

const VALUES = { "/app/stage": "prod", db: '{"user": "admin", "port": 5432}', number: "4", colour: "blue" };
const withValue = (value: string, more = "") =>
  `Resources:\n  One: {Type: Thing, Properties: {Value: ${value}${more}}}\n`;

describe("a dynamic reference", () => {
  test.each([
    ["'{{resolve:ssm:/app/stage}}'", "prod", { service: "ssm", name: "/app/stage" }],
    ["'{{resolve:ssm:/app/stage:3}}'", "prod", { service: "ssm", name: "/app/stage", version: 3 }],
    ["'{{resolve:ssm-secure:/app/stage}}'", "prod", { service: "ssm-secure", name: "/app/stage" }],
    ["'{{resolve:secretsmanager:db}}'", VALUES.db, { service: "secretsmanager", secret: "db" }],
    [
      "'{{resolve:secretsmanager:db:SecretString:user}}'",
      "admin",
      { service: "secretsmanager", secret: "db", jsonKey: "user" },
    ],
    [
      "'{{resolve:secretsmanager:db:SecretString:port:AWSPREVIOUS}}'",
      "5432",
      { service: "secretsmanager", secret: "db", jsonKey: "port", versionStage: "AWSPREVIOUS" },
    ],
    [
      "'{{resolve:secretsmanager:db:SecretString:user::v-1}}'",
      "admin",
      { service: "secretsmanager", secret: "db", jsonKey: "user", versionId: "v-1" },
    ],
    ["!Sub 'in {{resolve:ssm:/${P}/stage}} at ${AWS::Region}'", "in prod at us-east-1", undefined],
    ["!Join ['', ['{{resolve:ssm:', /app/stage, '}}']]", "prod", undefined],
  ])("%s is given to the service as %s", async (value, given, reference) => {
    const { asked, under } = storing(VALUES);
    const text = `Parameters: {P: {Type: String, Default: app}}\n${withValue(value)}`;
    expect(await under.deploy(text)).toMatchObject({ status: "deployed", diagnostics: [] });
    const { value: live } = await thingOf(under);
    expect(live).toBe(given);
    if (reference) expect(asked).toEqual([reference]);
  });

  test("with the ARN of a secret is taken apart at the right colons", async () => {
    const arn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:db-AbCdEf";
    const { asked, under } = storing({ [arn]: '{"user": "root"}' });
    await under.deploy(withValue(`'{{resolve:secretsmanager:${arn}:SecretString:user}}'`));
    expect((await thingOf(under)).value).toBe("root");
    expect(asked).toEqual([{ service: "secretsmanager", secret: arn, jsonKey: "user" }]);
  });

  test("is what the plan shows; what it resolves to is shown nowhere", async () => {
    const { under } = storing({ "/app/stage": "the-secret" });
    const text = `${withValue("'{{resolve:ssm:/app/stage}}'")}
  Two: {Type: Thing, Properties: {Value: !GetAtt One.Value}}
Outputs: {Out: {Value: !GetAtt One.Value}}
`;
    expect(await under.planText(text)).toContain('Value  "{{resolve:ssm:/app/stage}}"');
    const result = await under.deploy(text);
    expect(result.status).toBe("deployed");
    expect(await under.planText(text)).toBe("web  2 resources: 2 unchanged");
    const details = await under.stacks.get(TEST_SCOPE, "web");
    const events = await under.stacks.events({ scope: TEST_SCOPE, stack: "web" });
    expect(JSON.stringify([result, details, events, await under.plan(text)])).not.toContain("the-secret");
    const edited = await under.plan(text.replace(":/app/stage", ":/app/stage:2"));
    expect(edited.plan?.changes[0]?.properties).toMatchObject([
      { path: "Value", old: "****", new: "{{resolve:ssm:/app/stage:2}}", isSensitive: true },
    ]);
  });

  test("is resolved again when its resource changes, and is not drift of its own", async () => {
    const values = { "/app/stage": "first" };
    const { under } = storing(values);
    const text = withValue("'{{resolve:ssm:/app/stage}}'");
    await under.deploy(text);
    values["/app/stage"] = "second";
    expect(await under.planText(text)).toBe("web  1 resource: 1 unchanged");
    await under.deploy(text.replace("}}'", "}}', Labels: {a: b}"));
    expect((await thingOf(under)).value).toBe("second");
  });

  test("becomes what its property wants, or is refused without being told", async () => {
    const { under } = storing(VALUES);
    const counted = withValue("x", ", Count: '{{resolve:ssm:number}}'");
    expect(await under.deploy(counted)).toMatchObject({ status: "deployed" });
    const refused = await under.deploy(withValue("x", ", Colour: '{{resolve:ssm:colour}}'"));
    expect(refused).toMatchObject({
      status: "rolled-back",
      cause: { logicalId: "One", code: "CS1205", message: 'Colour of Thing cannot be "****"' },
    });
  });

  test.each([
    ["{{resolve:ssm:/none}}", "CS1112", "{{resolve:ssm:/none}} cannot be resolved: it does not exist."],
    [
      "{{resolve:secretsmanager:db:SecretString:none}}",
      "CS1112",
      "{{resolve:secretsmanager:db:SecretString:none}} cannot be resolved: the secret is no JSON object with this key.",
    ],
    ["{{resolve:ssm:forbidden}}", "AccessDenied", "forbidden is not for you."],
  ])("%s that cannot be resolved fails its step", async (reference, code, message) => {
    const { under } = storing(VALUES);
    expect(await under.deploy(withValue(`'${reference}'`))).toMatchObject({
      status: "rolled-back",
      cause: { logicalId: "One", code, message },
    });
  });

  test.each([
    ["{{resolve:ssm}}", '"" cannot name an SSM parameter'],
    ["{{resolve:ssm:a b}}", '"a b" cannot name an SSM parameter'],
    ["{{resolve:ssm:a:latest}}", 'a version is a whole number, not "latest"'],
    ["{{resolve:vault:a}}", 'there is no service "vault"; write ssm, ssm-secure or secretsmanager'],
    ["{{resolve:secretsmanager:}}", "it names no secret"],
    ["{{resolve:secretsmanager:a:SecretBinary}}", '"SecretBinary" cannot be asked for, only SecretString'],
    ["{{resolve:secretsmanager:a:SecretString:k:S:v}}", "it names a stage and a version; name one of them"],
    ["{{resolve:ssm:a", "it has no end; write {{resolve:service:name}}"],
  ])("%s is refused while planning", async (reference, fault) => {
    const { under } = storing(VALUES);
    expect((await under.planText(withValue(`'${reference}'`))).split("\n")[0]).toBe(
      `error[CS1112] ${reference} cannot be resolved: ${fault}  web.yaml:2:42`,
    );
  });

  test("stands in the properties of resources only", async () => {
    const { under } = storing(VALUES);
    expect(
      (await under.planText(`${withValue("x")}Outputs: {Out: {Value: '{{resolve:ssm:/app/stage}}'}}`)).split("\n")[0],
    ).toBe("error[CS1112] a dynamic reference can only stand in the properties of a resource  web.yaml:3:24");
  });

  test("is refused by an engine that has nothing to ask", async () => {
    const { planText } = stacksUnderTest();
    expect(await planText(withValue("'{{resolve:secretsmanager:db}}'"))).toBe(
      [
        "error[CS1112] {{resolve:secretsmanager:db}} cannot be resolved: " +
          "this engine has no Secrets Manager yet  web.yaml:2:42",
        "  2 |   One: {Type: Thing, Properties: {Value: '{{resolve:secretsmanager:db}}'}}",
        `    | ${" ".repeat(41)}${"^".repeat(31)} pass the value as a parameter with NoEcho`,
      ].join("\n"),
    );
  });
});

describe("a NoEcho parameter", () => {
  const text = `
Parameters: {Password: {Type: String, NoEcho: true, MinLength: 4}}
Resources:
  One: {Type: Thing, Properties: {Value: !Sub "pw=\${Password}", Colour: !If [IsOpen, red, !Ref Password]}}
Conditions: {IsOpen: !Equals [!Ref Password, open]}
`;

  test("is masked in what a diagnostic quotes", async () => {
    const { planText } = stacksUnderTest();
    expect((await planText(text, { Password: "hunter2" })).split("\n")[0]).toBe(
      'error[CS1205] Colour of Thing cannot be "****"  web.yaml:4:73',
    );
  });

  test("is masked in what a failed step tells, and in its events", async () => {
    const failing = thingsService({ shouldFail: (step) => step.startsWith("create pw=") });
    const { deploy, stacks } = stacksUnderTest([failing]);
    const result = await deploy(text.replace("!Ref Password]", "green]"), { parameters: { Password: "hunter2" } });
    expect(result).toMatchObject({ status: "rolled-back", cause: { message: "Injected at create ****." } });
    const events = await stacks.events({ scope: TEST_SCOPE, stack: "web" });
    expect(JSON.stringify([result, events])).not.toContain("hunter2");
  });
});

/** The live thing that resource One is. */
async function thingOf({ store, stacks }: ReturnType<typeof stacksUnderTest>): Promise<{ readonly value: string }> {
  const id = (await stacks.get(TEST_SCOPE, "web"))?.resources.find((each) => each.logicalId === "One")?.id ?? "";
  const { account, region } = TEST_SCOPE;
  const found = await store.read((tx) => tx.get(["things", "thing", account, region, id]));
  return found as { readonly value: string };
}
