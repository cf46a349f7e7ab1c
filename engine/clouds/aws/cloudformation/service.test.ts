import { expect, test } from "vitest";
import { awsStacksUnderTest } from "../../../testing/aws-stacks.ts";

const TEMPLATE = (analytics: string) =>
  JSON.stringify({
    Resources: {
      Nothing: { Type: "AWS::CloudFormation::WaitConditionHandle" },
      CDKMetadata: { Type: "AWS::CDK::Metadata", Properties: { Analytics: analytics } },
    },
  });

test("what only marks a place in a stack is made, updated and destroyed like everything else", async () => {
  const { deploy, planText, destroy } = awsStacksUnderTest();
  expect((await deploy(TEMPLATE("v2:one"))).status).toBe("deployed");
  expect(await planText(TEMPLATE("v2:one"))).toBe("web  2 resources: 2 unchanged");
  expect((await deploy(TEMPLATE("v2:two"))).plan?.summary).toMatchObject({ update: 1, none: 1 });
  expect((await destroy()).status).toBe("deployed");
});

test("a wait condition handle takes no property", async () => {
  const { planText } = awsStacksUnderTest();
  const template = { Resources: { It: { Type: "AWS::CloudFormation::WaitConditionHandle", Properties: { A: 1 } } } };
  expect(await planText(JSON.stringify(template))).toContain(
    'unknown property "A" of AWS::CloudFormation::WaitConditionHandle',
  );
});
