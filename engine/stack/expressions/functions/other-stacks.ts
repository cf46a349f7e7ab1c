import { didYouMean } from "../../diagnostics/suggestion.ts";
import { isMap } from "../value.ts";
import { textOf, wrong, type FunctionRow } from "./row.ts";

export const importValue: FunctionRow = {
  usage: "export name",
  arity: { min: 1, max: 1 },
  run([name], call) {
    const exportName = textOf(name);
    if (exportName === undefined) return wrong(call, "CS1102", "Fn::ImportValue takes the name of an export");
    return (
      call.environment.exported(exportName) ??
      wrong(
        call,
        "CS1107",
        `no stack of this account and region exports "${exportName}"`,
        "deploy the stack that exports it first",
      )
    );
  },
};

const OUTPUT_KEYS = ["StackName", "OutputName", "Region", "RoleArn"];

/** A weak reference: worked out at each deployment, and the other stack does not know of it. */
export const getStackOutput: FunctionRow = {
  usage: "{StackName: name, OutputName: name, Region: region}",
  arity: { min: 1, max: 1 },
  run([argument], call) {
    const given = isMap(argument) ? argument : {};
    const unknownKey = Object.keys(given).find((key) => !OUTPUT_KEYS.includes(key));
    if (unknownKey !== undefined) {
      const hint = didYouMean(unknownKey, OUTPUT_KEYS);
      return wrong(call, "CS1102", `Fn::GetStackOutput has no "${unknownKey}"`, hint);
    }
    if (given["RoleArn"] !== undefined)
      return wrong(call, "CS1109", "RoleArn is not supported yet: an output is read from the stack's own account");
    const [stack, output] = [given["StackName"], given["OutputName"]].map(textOf);
    if (stack === undefined || output === undefined)
      return wrong(call, "CS1102", "Fn::GetStackOutput takes {StackName: name, OutputName: name}");
    const { environment } = call;
    const region = textOf(given["Region"]) ?? environment.region;
    const other = environment.otherStack(stack, region);
    if (!other) {
      const hint = "deploy the stack that has it first; a stack cannot use an output of its own";
      return wrong(call, "CS1116", `there is no other stack "${stack}" in ${region}`, hint);
    }
    const found = other.outputs[output]?.value;
    if (found !== undefined) return found;
    const hint = didYouMean(output, Object.keys(other.outputs));
    return wrong(call, "CS1116", `stack ${stack} has no output "${output}"`, hint);
  },
};
