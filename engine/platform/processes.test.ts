import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { isProcessAlive } from "./processes.ts";

test("this process is alive, and one that nobody has is not", () => {
  expect(isProcessAlive(process.pid)).toBe(true);
  expect(isProcessAlive(2 ** 30)).toBe(false);
});

test.skipIf(process.platform !== "linux")(
  "a process that has ended is not alive though its parent never asks",
  async () => {
    // The shell becomes `cat`, which knows nothing of the child that it inherits.
    const parent = spawn("sh", ["-c", "sh -c 'exit 0' & echo $!; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [text] = (await once(parent.stdout, "data")) as [Buffer];
    await expect.poll(() => isProcessAlive(Number(text.toString()))).toBe(false);
    expect(isProcessAlive(parent.pid ?? 0)).toBe(true);
  },
);
