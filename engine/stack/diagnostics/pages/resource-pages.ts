import type { CodePages } from "./page.ts";

/** CS12xx: resources and their properties. */
export const RESOURCE_PAGES: CodePages = {
  CS1201: {
    meaning: "This engine has no resource type of this name. It makes no stand-in for one it does not know.",
    cure: "Take one that this engine has: `cloudstack types` lists them.",
    example: { template: "Resources:\n  Net: {Type: VCP}\n" },
  },
  CS1202: {
    meaning: "The type cannot be made without this property.",
    cure: "Give it. `cloudstack explain TYPE` tells what it is.",
    example: { template: "Resources:\n  Front: {Type: Subnet, Properties: {CIDRBlock: 10.0.1.0/24}}\n" },
  },
  CS1203: {
    meaning: "The type has no property of this name, so nothing would act on it.",
    cure: "Look for a misspelling; names are case-sensitive. `cloudstack explain TYPE` lists the properties.",
    example: { template: "Resources:\n  Net:\n    Type: VPC\n    Properties:\n      CidrBlock: 10.42.0.0/16\n" },
  },
  CS1204: {
    meaning: "The property takes another kind of value. Texts of numbers and of true and false are taken as those.",
    cure: "Give a value of the kind that the message names.",
    example: { template: "Resources:\n  Disk: {Type: Volume, Properties: {Size: large}}\n" },
  },
  CS1205: {
    meaning: "The property takes one of a few values, and this is none of them.",
    cure: "Choose one of those that the message names.",
    example: {
      template: "Resources:\n  Orders: {Type: Table, Properties: {PartitionKey: {Name: id, Type: Text}}}\n",
    },
  },
  CS1206: {
    meaning: "The text has characters, or an order of them, that the property does not allow.",
    cure: "Write it as the pattern says.",
    example: {
      template:
        "Resources:\n  Orders:\n    Type: Table\n    Properties:\n      Name: web orders\n" +
        "      PartitionKey: {Name: id, Type: S}\n",
    },
  },
  CS1207: {
    meaning: "The number, the length of the text or the number of elements is outside the limits of the property.",
    cure: "Stay within the limit that the message names.",
    example: { template: "Resources:\n  Disk: {Type: Volume, Properties: {Size: 0}}\n" },
  },
  CS1208: {
    meaning:
      "A `DeletionPolicy` or `UpdateReplacePolicy` is none of those there are, or not possible for the type: only " +
      "what can be copied has `Snapshot`.",
    cure: "Use `Delete`, `Retain` or `RetainExceptOnCreate` (`DeletionPolicy` only).",
    example: { template: "Resources:\n  Net: {Type: VPC, DeletionPolicy: Snapshot}\n" },
  },
  CS1209: {
    meaning: "Every resource says by `Type` what it is.",
    cure: "Add the `Type`.",
    example: { template: "Resources:\n  Net: {Properties: {CIDRBlock: 10.42.0.0/16}}\n" },
  },
  CS1210: {
    meaning:
      "The value fits the schema of its type, but the service that would make the resource refuses it. It is asked " +
      "while planning, so that nothing is touched.",
    cure: "Do as the service says.",
    example: { template: "Resources:\n  Net: {Type: VPC, Properties: {CIDRBlock: 10.42.7.0/16}}\n" },
  },
  CS1211: {
    meaning:
      "The type is CloudFormation's, and so is the property; but nothing here acts on it yet. It is refused rather " +
      "than recorded as if it were done.",
    cure: "Leave it out. `cloudstack explain TYPE` tells which properties are acted on.",
    example: {
      template:
        "Resources:\n  Assets:\n    Type: AWS::S3::Bucket\n" +
        "    Properties:\n      BucketNamePrefix: assets\n",
    },
  },
  CS1212: {
    meaning:
      "The policy is one of CloudFormation's, for groups of machines and the like; on this resource it " +
      "does nothing.",
    cure: "Nothing needs to be done. Leave it out to be told no more.",
    example: {
      template:
        "Resources:\n  Net:\n    Type: VPC\n    UpdatePolicy: {AutoScalingRollingUpdate: {MaxBatchSize: 1}}\n",
    },
  },
  CS1213: {
    meaning:
      "A `CreationPolicy` asks to wait for signals of the new resource. Nothing receives them yet, so that " +
      "the deployment would go on without having waited.",
    cure: "Leave it out, or give `Count: 0`.",
    example: {
      template: "Resources:\n  Net:\n    Type: VPC\n    CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT5M}}\n",
    },
  },
};
