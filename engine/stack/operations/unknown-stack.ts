import { problem, type Problem } from "../diagnostics/diagnostic.ts";

export const unknownStack = (stack: string): Problem =>
  problem("CS3003", `there is no stack "${stack}"`, undefined, "`cloudstack stacks` lists those there are");
