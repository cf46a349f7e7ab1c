import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CloudStacks } from "../../engine/embedded/cloud-stacks.ts";
import { attachedProviders } from "../../engine/cli/terraform/providers.ts";
import { contentsOf } from "./kit/cloud-contents.ts";
import { ROOT } from "./kit/cloudstack.ts";
import { isTerraformMissing, workspace } from "./kit/provider.ts";

const EXAMPLES = join(ROOT, "examples");
const NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "terraform")));

async function started(): Promise<CloudStacks> {
  const cloud = await CloudStacks.start({ frozenAt: "2030-01-01T00:00:00Z" });
  onTestFinished(() => cloud.stop());
  return cloud;
}

describe.skipIf(isTerraformMissing)("in Terraform with our provider", () => {
  test.each(NAMES)("%s makes what its template makes, and leaves nothing when it is destroyed", async (name) => {
    const [cloud, stacks] = [await started(), await started()];
    const providers = await attachedProviders(cloud.endpoint);
    const configuration = readFileSync(join(EXAMPLES, name, "terraform/main.tf"), "utf8");
    const terraform = workspace({ TF_REATTACH_PROVIDERS: JSON.stringify(providers) }, configuration);
    onTestFinished(() => terraform.remove());
    terraform.write("provider.tf", "");
    await terraform.must("fmt", "-check");
    await terraform.settle();
    await stacks.deploy(join(EXAMPLES, name, "template.yaml"), { stack: name });
    expect(await contentsOf(cloud)).toEqual(await contentsOf(stacks));
    await terraform.must("destroy", "-no-color", "-auto-approve");
    expect(await cloud.resources()).toEqual([]);
  });
});
