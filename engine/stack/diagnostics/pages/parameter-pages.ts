import type { CodePages } from "./page.ts";

const NET = "Resources:\n  Net: {Type: VPC}\n";

/** CS13xx: parameters and rules; CS14xx: nested templates. */
export const PARAMETER_PAGES: CodePages = {
  CS1301: {
    meaning: "The parameter was given no value, and it has no `Default`.",
    cure: "Give it one: `--parameter NAME=VALUE`, a parameters file, or a `Default` in the template.",
    example: { template: `Parameters:\n  Stage: {Type: String}\n${NET}` },
  },
  CS1302: {
    meaning: "A parameter of type `Number` or `List<Number>` was given something that is none.",
    cure: "Give numbers, several of them separated by commas.",
    example: { template: `Parameters:\n  Size: {Type: Number}\n${NET}`, parameters: { Size: "large" } },
  },
  CS1303: {
    meaning: "The value breaks a constraint that the parameter is declared with.",
    cure: "Give a value that fulfils it. The template's author may have said how: `ConstraintDescription`.",
    example: {
      template: `Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod]}\n${NET}`,
      parameters: { Stage: "test" },
    },
  },
  CS1304: {
    meaning: "A value was given for a parameter that the template does not declare.",
    cure: "Look for a misspelling, or declare it.",
    example: {
      template: `Parameters:\n  Stage: {Type: String, Default: dev}\n${NET}`,
      parameters: { Sage: "prod" },
    },
  },
  CS1305: {
    meaning: "The declaration has an unknown key or type, or a constraint that the type cannot have.",
    cure: "Mend the declaration as the message says.",
    example: { template: `Parameters:\n  Size: {Type: Integer}\n${NET}` },
  },
  CS1306: {
    meaning: "The parameters do not fit together: an assertion of the section `Rules` is false for them.",
    cure: "Give other values. The text after the colon is the author's.",
    example: {
      template:
        "Parameters:\n  Stage: {Type: String}\n  Size: {Type: Number}\nRules:\n  SmallOutsideProd:\n" +
        "    RuleCondition: !Not [!Equals [!Ref Stage, prod]]\n    Assertions:\n" +
        `      - {Assert: !Contains [[10, 20], !Ref Size], AssertDescription: only prod is large}\n${NET}`,
      parameters: { Stage: "dev", Size: "500" },
    },
  },
  CS1307: {
    meaning: "A rule is not a list of assertions, or one of them, or its condition, is neither true nor false.",
    cure: "Write `Assertions: [{Assert: condition, AssertDescription: text}]`.",
    example: { template: `Rules:\n  Fit: {RuleCondition: !Equals [a, a]}\n${NET}` },
  },
  CS1308: {
    meaning:
      "The type of the parameter says what its value names, and there is no such thing in this account and " +
      "region.",
    cure: "Give the id of one that exists: `cloudstack resources --type TYPE`.",
    example: {
      template: `Parameters:\n  Target: {Type: 'AWS::EC2::VPC::Id'}\n${NET}`,
      parameters: { Target: "vpc-0123456789abcdef0" },
    },
  },
  CS1309: {
    meaning: "The parameter's type says that its value is the name of an SSM parameter, and that cannot be looked up.",
    cure:
      "Create the SSM parameter first. Until this engine has them, declare the parameter as `String` and " +
      "give the value.",
    example: {
      template: `Parameters:\n  Stage: {Type: 'AWS::SSM::Parameter::Value<String>'}\n${NET}`,
      parameters: { Stage: "/app/stage" },
    },
  },
  CS1401: {
    meaning:
      "A resource of type `Stack` or `AWS::CloudFormation::Stack` names a template that is not there, or names it by " +
      "something that is known only after apply.",
    cure:
      "Name a file, relative to the template that nests it, or the URL of an object in a bucket of this engine " +
      "(`s3://bucket/key`).",
    example: { template: "Resources:\n  Network:\n    Type: Stack\n    Properties: {Template: net/network.yaml}\n" },
  },
};
