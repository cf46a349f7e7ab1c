import type { CodePages } from "./page.ts";

/** CS11xx: functions, references and conditions. */
export const EXPRESSION_PAGES: CodePages = {
  CS1101: {
    meaning: "There is no function of this name in the language.",
    cure: "Look for a misspelling. Short tags are the long name without `Fn::`: `!Join` is `Fn::Join`.",
    example: { template: "Resources:\n  Net: {Type: VPC, Properties: {Name: !Jion ['-', [a, b]]}}\n" },
  },
  CS1102: {
    meaning: "A function is given too many or too few arguments, of the wrong kind, or stands where it has no meaning.",
    cure: "Write it as the message says.",
    example: { template: "Resources:\n  Net: {Type: VPC, Properties: {Name: !Join ['-']}}\n" },
  },
  CS1103: {
    meaning: "A `Ref`, `Fn::GetAtt`, `Fn::Sub` or `DependsOn` names something that the template does not have.",
    cure: "Look for a misspelling; names are case-sensitive. In `Fn::Sub`, a literal `${x}` is written `${!x}`.",
    example: {
      template: "Resources:\n  Net: {Type: VPC}\n  Front: {Type: Subnet, Properties: {VpcID: !Ref Nte}}\n",
    },
  },
  CS1104: {
    meaning: "The resource type offers no attribute of this name.",
    cure: "`cloudstack explain TYPE` lists the attributes of a type.",
    example: { template: "Resources:\n  Net: {Type: VPC}\nOutputs:\n  Range: {Value: !GetAtt Net.CidrBlock}\n" },
  },
  CS1105: {
    meaning: "A `Condition` or `Fn::If` names a condition that the section `Conditions` does not have.",
    cure: "Declare it there, or mend the name.",
    example: { template: "Resources:\n  Net: {Type: VPC, Condition: IsProd}\n" },
  },
  CS1106: {
    meaning: "`Fn::FindInMap` looks for a mapping or a key that is not there.",
    cure: "Add the key, or give a default: `!FindInMap [Map, a, b, {DefaultValue: x}]`.",
    example: {
      template:
        "Mappings: {Sizes: {dev: {Disk: 10}}}\n" +
        "Resources:\n  Disk: {Type: Volume, Properties: {Size: !FindInMap [Sizes, prod, Disk]}}\n",
    },
  },
  CS1107: {
    meaning: "`Fn::ImportValue` names an export that no stack of this account and region has.",
    cure: "Deploy the stack that exports it first. `cloudstack outputs STACK` shows what a stack exports.",
    example: { template: "Resources:\n  Front: {Type: Subnet, Properties: {VpcID: !ImportValue shared-network}}\n" },
  },
  CS1108: {
    meaning: "An argument is of the right kind, but outside of what the function can work with.",
    cure: "Give a value within the limits that the message tells.",
    example: { template: "Resources:\n  Net: {Type: VPC, Properties: {Name: !Select [2, [a, b]]}}\n" },
  },
  CS1109: {
    meaning: "The function, or a part of it, is known and nothing here can carry it out yet.",
    cure: "Write the value itself, or deploy a template in which it is already worked out.",
    example: {
      template: "Resources:\n  Net: {Type: VPC, Properties: {Name: !Transform {Name: Naming}}}\n",
    },
  },
  CS1110: {
    meaning: "Each of these needs another of them to be there first, so none can be the first.",
    cure: "Remove one of the references. Often a value both sides need can become a parameter.",
    example: {
      template:
        "Resources:\n  A: {Type: VPC, Properties: {Name: !Ref B}}\n  B: {Type: VPC, Properties: {Name: !Ref A}}\n",
    },
  },
  CS1111: {
    meaning:
      "Conditions, rules and names of exports are worked out before anything is deployed, " +
      "when no resource has a value.",
    cure: "Use parameters, mappings and other conditions there.",
    example: {
      template:
        "Conditions: {HasNet: !Equals [!Ref Net, x]}\n" +
        "Resources:\n  Net: {Type: VPC}\n  Disk: {Type: Volume, Condition: HasNet}\n",
    },
  },
  CS1112: {
    meaning:
      "A dynamic reference (`{{resolve:service:name}}`) is written wrongly, stands outside the properties of a " +
      "resource, names nothing, or names a service that this engine does not have.",
    cure: "Mend it as the message says. Until the service is there, pass the value as a parameter with `NoEcho: true`.",
    example: {
      template: "Resources:\n  Disk: {Type: Volume, Properties: {Name: '{{resolve:ssm:/disk/name:latest}}'}}\n",
    },
  },
  CS1113: {
    meaning: "The condition of a resource does not hold, so the resource is not there; and something refers to it.",
    cure: "Put the same condition on what refers to it, or choose with `Fn::If`.",
    example: {
      template:
        "Conditions: {Never: !Equals [a, b]}\nResources:\n  Net: {Type: VPC, Condition: Never}\n" +
        "  Front: {Type: Subnet, Properties: {VpcID: !Ref Net}}\n",
    },
  },
  CS1114: {
    meaning: "A `Fn::ForEach` is not an identifier, a list of texts and a map, or its identifier is taken.",
    cure:
      "Write `Fn::ForEach::Name: [Identifier, [a, b], {\"Key${Identifier}\": ...}]`. The list may be a " +
      "parameter or a mapping.",
    example: { template: "Resources:\n  Fn::ForEach::Nets: [Zone, a, {\"Net${Zone}\": {Type: VPC}}]\n" },
  },
  CS1115: {
    meaning: "The loop goes over a parameter that was given no value, so what it makes was not checked.",
    cure: "Nothing is wrong. `cloudstack validate --parameter NAME=VALUE` checks the loop too.",
    example: {
      template:
        "Parameters: {Zones: {Type: CommaDelimitedList}}\n" +
        "Resources:\n  Fn::ForEach::Nets: [Zone, !Ref Zones, {\"Net${Zone}\": {Type: VPC}}]\n",
      isValidated: true,
    },
  },
  CS1116: {
    meaning: "`Fn::GetStackOutput` names a stack or an output that is not there. A stack cannot use its own outputs.",
    cure: "Deploy the other stack first; `cloudstack stacks` and `cloudstack outputs STACK` show what there is.",
    example: {
      template:
        "Resources:\n  Front:\n    Type: Subnet\n" +
        "    Properties:\n      VpcID: !GetStackOutput {StackName: network, OutputName: Net}\n",
    },
  },
};
