import type { TypeSample } from "./sample.ts";

export const CLOUDFORMATION_SAMPLES: Readonly<Record<string, TypeSample>> = {
  "AWS::CDK::Metadata": { base: {}, changes: { Analytics: { to: "v2:one" }, Modules: { to: "a=1" } } },
  "AWS::CloudFormation::WaitConditionHandle": { base: {}, changes: {} },
};
