import type { CodePages } from "./page.ts";

const EXPORTING =
  "Resources:\n  Net: {Type: VPC}\nOutputs:\n  Net: {Value: !Ref Net, Export: {Name: shared-network}}\n";
const IMPORTING = "Resources:\n  Front: {Type: Subnet, Properties: {VpcID: !ImportValue shared-network}}\n";

/** CS20xx: plans. */
export const PLAN_PAGES: CodePages = {
  CS2001: {
    meaning:
      "A successor is made before its predecessor goes, so that a failed deployment can go back. Two of them cannot " +
      "have one unique name.",
    cure: "Give the resource another name, or none: then one is generated.",
    example: {
      before: [{ template: "Resources:\n  Jobs: {Type: Queue, Properties: {Name: jobs}}\n" }],
      template: "Resources:\n  Jobs: {Type: Queue, Properties: {Name: jobs, Fifo: true}}\n",
    },
  },
  CS2002: {
    meaning: "Another stack imports this export; it would be left with something that is gone, or is another.",
    cure: "Deploy the other stack without the import first. `Fn::GetStackOutput` is a reference that does not hold.",
    example: {
      before: [{ template: EXPORTING }, { stack: "app", template: IMPORTING }],
      template: "Resources:\n  Net: {Type: VPC}\n",
    },
  },
  CS2003: {
    meaning: "The name of an export stands for one value in an account and region, and another stack has it.",
    cure: "Choose another name; with the stack's own in it they do not meet: `!Sub \"${AWS::StackName}-network\"`.",
    example: { before: [{ stack: "shared", template: EXPORTING }], template: EXPORTING },
  },
  CS2004: {
    meaning: "`--target` names a resource that neither the template nor the stack has.",
    cure: "Give the logical id as the template writes it.",
    example: { template: "Resources:\n  Net: {Type: VPC}\n", targets: ["Network"] },
  },
  CS2005: {
    meaning:
      "What a saved plan was made from has changed since: the stack was deployed, a live resource or an export is " +
      "another. A plan is applied exactly or not at all.",
    cure: "Plan again, and look at the new one.",
    example: "A plan is saved with `plan --out`, the stack is deployed in another way, then the plan is applied.",
  },
  CS2006: {
    meaning: "The file of a saved plan is not as it was written.",
    cure: "Make a new one.",
    example: "A line of a saved plan is edited before it is applied.",
  },
  CS2007: {
    meaning: "One resource goes while another just like it comes under a new name. That is how a renaming looks.",
    cure: "To keep the resource, add the `Moved` entry that the message gives. Otherwise nothing needs to be done.",
    example: {
      before: [{ template: "Resources:\n  Disk: {Type: Volume, Properties: {Size: 20}}\n" }],
      template: "Resources:\n  DataDisk: {Type: Volume, Properties: {Size: 20}}\n",
    },
  },
  CS2008: {
    meaning:
      "A saved plan holds no secrets: parameters with `NoEcho` are given again when it is applied, and " +
      "must be the same.",
    cure: "Give the same values with `--parameter`, or plan again.",
    example: "A plan is saved with a password, and applied without it or with another one.",
  },
  CS2009: {
    meaning: "A resource stands in `Removed`, which lets it go without deleting it, and is declared as well.",
    cure: "Take it out of `Resources`, or out of `Removed`.",
    example: { template: "Resources:\n  Net: {Type: VPC}\nRemoved: [Net]\n" },
  },
  CS2010: {
    meaning: "`Moved` gives a resource a name that another resource of the stack has.",
    cure: "Move the other one as well, or take the entry out.",
    example: {
      before: [{ template: "Resources:\n  Old: {Type: VPC}\n  New: {Type: VPC}\n" }],
      template: "Resources:\n  New: {Type: VPC}\nMoved: [{From: Old, To: New}]\n",
    },
  },
  CS2011: {
    meaning: "What is to be imported is not there, belongs to a stack already, or is another kind of thing.",
    cure: "Give the id of a resource of the declared type that no stack has: `cloudstack resources`.",
    example: { template: "Resources:\n  Net: {Type: VPC}\nImport: {Net: vpc-0123456789abcdef0}\n" },
  },
  CS2012: {
    meaning:
      "A resource that is targeted must be replaced, and one that depends on it is not targeted: it would be left " +
      "with what is gone.",
    cure: "Target it as well, as the message says, or target nothing.",
    example: {
      before: [
        {
          template:
            "Resources:\n  Net: {Type: VPC, Properties: {CIDRBlock: 10.42.0.0/16}}\n" +
            "  Front: {Type: Subnet, Properties: {VpcID: !Ref Net}}\n",
        },
      ],
      template:
        "Resources:\n  Net: {Type: VPC, Properties: {CIDRBlock: 10.43.0.0/16}}\n" +
        "  Front: {Type: Subnet, Properties: {VpcID: !Ref Net}}\n",
      targets: ["Net"],
    },
  },
};
