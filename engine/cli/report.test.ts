import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Failure } from "./failure.ts";
import type { Format } from "./formats/format-names.ts";
import { createOutput } from "./output.ts";
import { reportProblem } from "./report.ts";

function reported(format: Format, problem: unknown): string {
  let told = "";
  const streams = { out: { write: () => undefined }, err: { write: (text: string) => (told += text) } };
  reportProblem(createOutput(format, streams, {}), problem);
  return told;
}

test("what to do about a failure is told to people and to programs", () => {
  const failure = new Failure("terraform init failed.", ["Could not reach the registry."]);
  expect(reported("text", failure)).toBe("error: terraform init failed.\n  Could not reach the registry.\n");
  expect(JSON.parse(reported("json", failure))).toEqual({
    error: { code: "Failure", message: "terraform init failed.", cure: ["Could not reach the registry."] },
  });
  expect(JSON.parse(reported("json", new Failure("No.")))).toEqual({ error: { code: "Failure", message: "No." } });
});

test("what the machine has against a path is no defect, and is told with what to do", async () => {
  const problem = await readFile("/nowhere/all.snapshot").catch((error: unknown) => error);
  expect(reported("text", problem)).toBe(
    "error: There is no file /nowhere/all.snapshot.\n  Check the path, and that its folder is there.\n",
  );
  expect(reported("text", new TypeError("x is not a function"))).toMatch(/^error: this is a defect of CloudStacks\n/);
});
