import { PassThrough } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { confirm } from "./confirm.ts";

const formerExitCode = process.exitCode;
afterEach(() => {
  process.exitCode = formerExitCode;
});

/** Who sits at a terminal and types this. */
function answered(typed: string): Promise<boolean> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const found = confirm("Apply this plan?", { input, output: new PassThrough() });
  input.write(typed);
  return found;
}

test("only a yes is a yes", async () => {
  expect(await answered("y\n")).toBe(true);
  expect(await answered("YES\n")).toBe(true);
  expect(await answered("\n")).toBe(false);
  expect(await answered("yess\n")).toBe(false);
  expect(process.exitCode).toBe(formerExitCode);
});

test("the end of input is a no", async () => {
  expect(await answered("\u0004")).toBe(false);
  expect(process.exitCode).toBe(formerExitCode);
});

test("Ctrl-C is a no, and the command exits as one that was interrupted", async () => {
  expect(await answered("\u0003")).toBe(false);
  expect(process.exitCode).toBe(130);
});

test("where there is no terminal nobody is asked", async () => {
  await expect(confirm("Apply this plan?", { input: new PassThrough(), output: new PassThrough() })).rejects.toThrow(
    "This needs a confirmation, and there is no terminal to ask on.",
  );
});
