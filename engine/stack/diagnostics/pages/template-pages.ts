import type { CodePages } from "./page.ts";

/** CS10xx: the template as a whole. */
export const TEMPLATE_PAGES: CodePages = {
  CS1001: {
    meaning: "The text cannot be read as YAML or JSON, so nothing else was looked at.",
    cure: "Mend the place shown. Often it is an indentation, a missing quote or a tab.",
    example: { template: "Resources:\n  Net:\n    Type: VPC\n   Properties: {}\n" },
  },
  CS1002: {
    meaning: "A part of the template has another shape than the language gives it: a list where a map belongs, say.",
    cure: "Write it as the message says.",
    example: { template: "Resources:\n  - Type: VPC\n" },
  },
  CS1003: {
    meaning: "A section of the template, or a key of a resource, an output or a policy, does not exist.",
    cure: "Look for a misspelling. Properties of a resource stand under `Properties`.",
    example: { template: "Resources:\n  Net:\n    Type: VPC\n    CIDRBlock: 10.42.0.0/16\n" },
  },
  CS1004: {
    meaning: "Two things have one name where a name stands for one of them. In a loop, every round made the same key.",
    cure: "Rename one. In a loop, use the identifier in the key: `Net${Zone}`.",
    example: { template: "Resources:\n  Net: {Type: VPC}\n  Net: {Type: VPC}\n" },
  },
  CS1005: {
    meaning:
      "The template uses a part of CloudFormation's language that nothing here acts on yet. It is refused " +
      "rather than ignored.",
    cure: "Leave it out. The message says what it comes with.",
    example: { template: "Globals: {}\nResources:\n  Net: {Type: VPC}\n" },
  },
  CS1006: {
    meaning: "The template is nested too deeply, or aliases or loops make too much of it.",
    cure: "Use fewer levels; make sure that no alias contains itself; make the loops shorter.",
    example: { template: "Resources:\n  Net: &net\n    Type: VPC\n    Properties: *net\n" },
  },
  CS1007: {
    meaning:
      "The template names a transform that does not exist or that cannot run. A template that is not transformed " +
      "would be deployed as something else, so it is refused. `AWS::LanguageExtensions` is part of the language here.",
    cure: "Deploy the transformed template (`sam build`, `aws cloudformation package`), or leave the transform out.",
    example: { template: "Transform: AWS::Serverless-2016-10-31\nResources:\n  Net: {Type: VPC}\n" },
  },
};
