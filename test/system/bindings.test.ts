import { describe, expect, onTestFinished, test } from "vitest";
import { BINDING_TOOLS } from "../../engine/cli/bindings/generators.ts";
import { cloudstack, emptyFolder } from "./kit/cloudstack.ts";

// Apps that use them are tested with the examples.

describe.each(BINDING_TOOLS)("bindings for %s", (tool) => {
  test("name what is missing, and how to get it", async () => {
    const folder = emptyFolder();
    onTestFinished(() => folder.remove());
    const { code, err } = await cloudstack(["bindings", "--for", tool], folder.path);
    expect(code).toBe(1);
    expect(err).toContain(`@${tool}/provider-generator is not installed here`);
    expect(err).toContain(`npm install --save-dev @${tool}/provider-generator@`);
  });
});
