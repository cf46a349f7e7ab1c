import type { CodePages } from "./page.ts";

/** CS30xx: stacks and their deployments. */
export const STACK_PAGES: CodePages = {
  CS3001: {
    meaning: "One deployment at a time writes a stack, and another one is at work. Nothing was touched.",
    cure: "Wait for it: `--lock-timeout 1m`. Should its process be gone, its lock ends by itself.",
    example: "Two terminals deploy the same stack at the same time.",
  },
  CS3002: {
    meaning: "The last deployment was cut off, and what it left has not been undone or finished yet.",
    cure: "The next command settles it first; `deploy --resume` finishes it instead of undoing it.",
    example: "The process of a deployment is killed, and a program applies a plan without settling it first.",
  },
  CS3003: {
    meaning: "There is no stack of this name in this account and region, or it was destroyed.",
    cure: "`cloudstack stacks` lists those there are; `--account` and `--region` choose where to look.",
    example: "`cloudstack destroy wbe` is typed for `cloudstack destroy web`.",
  },
  CS3004: {
    meaning: "The name of a stack is a letter, then letters, digits and hyphens, at most 128 of them.",
    cure: "Give another one with `--stack`.",
    example: "`cloudstack deploy web.yaml --stack 1web`",
  },
  CS3005: {
    meaning: "`--on-failure delete` deletes what a first deployment made. This stack holds what earlier ones made.",
    cure: "Use `--on-failure rollback` (the default) or `keep`.",
    example: "`cloudstack deploy web.yaml --on-failure delete` for a stack that has been deployed before.",
  },
  CS3006: {
    meaning: "A rollback could not undo every step. Until it has, nothing is built on what it left.",
    cure:
      "Remove what stood in its way, then `cloudstack continue-rollback STACK`; `--skip` leaves a resource " +
      "as it is.",
    example: "A step fails, and undoing an earlier one fails as well; then the stack is deployed again.",
  },
  CS3007: {
    meaning: "The stack has no version of this serial to go back to, or not one that was deployed whole.",
    cure: "`cloudstack history STACK` lists them.",
    example: "`cloudstack rollback web --to 99`",
  },
  CS3008: {
    meaning: "There is no earlier version, no failed rollback or no step left that this could undo.",
    cure: "Nothing needs to be done. `cloudstack history STACK` tells what happened.",
    example: "`cloudstack rollback web` after the first deployment.",
  },
  CS3009: {
    meaning: "The stack has a policy, and none of its statements allows this change, or one denies it.",
    cure:
      "Leave the resource as it is, or change the policy: `cloudstack policy STACK` shows it, " +
      "`cloudstack policy STACK FILE` sets another, `--remove` takes it away.",
    example:
      "A policy denies `Update:Replace` of `Data`, and a property of Data that cannot be changed in place changes.",
  },
  CS3010: {
    meaning: "Somebody has protected the stack from being destroyed.",
    cure: "If it is to go all the same: `cloudstack protect STACK --off`, then destroy it.",
    example: "`cloudstack protect web`, then `cloudstack destroy web`.",
  },
  CS3011: {
    meaning: "The text is not a stack policy in CloudFormation's form.",
    cure:
      'Write `{"Statement": [...]}`, each statement with an Effect, an Action of `Update:*`, `Update:Modify`, ' +
      "`Update:Replace` or `Update:Delete`, and a Resource of `*` or `LogicalResourceId/<logical id>`.",
    example: 'A statement with `"Action": "Update:Destroy"`.',
  },
};
