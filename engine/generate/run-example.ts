import { composeEngine } from "../compose.ts";
import { memoryBlobStore } from "../kernel/memory-blobs.ts";
import { memoryStore } from "../kernel/memory.ts";
import { manualClock } from "../platform/clock.ts";
import { seededRandom } from "../platform/random.ts";
import type { DiagnosticCode } from "../stack/diagnostics/codes.ts";
import { formatDiagnostic } from "../stack/diagnostics/format.ts";
import type { TemplateExample } from "../stack/diagnostics/pages/page.ts";

const FILE = "web.yaml";
const STACK = "web";

/** What an example's diagnostics of one code print: nothing when it does not yield the code. */
export async function printedBy(example: TemplateExample, code: DiagnosticCode): Promise<string> {
  const { stacks, defaultScope: scope } = composeEngine({
    store: memoryStore(),
    blobs: memoryBlobStore(),
    clock: manualClock(),
    random: seededRandom(1),
  });
  for (const { stack = STACK, template: text } of example.before ?? []) {
    const { status, cause, diagnostics } = await stacks.deploy({ scope, stack, source: { file: FILE, text } });
    if (status !== "deployed")
      throw new Error(`The example of ${code} needs a stack first: ${JSON.stringify([status, cause, diagnostics])}.`);
  }
  const { template: text, parameters, targets, isValidated } = example;
  const source = { file: FILE, text };
  const diagnostics = isValidated
    ? await stacks.validate(source, { scope, ...(parameters && { parameters }) })
    : (await stacks.plan({ scope, stack: STACK, source, parameters, targets })).diagnostics;
  return diagnostics
    .filter((each) => each.code === code)
    .map((each) => formatDiagnostic(each, text))
    .join("\n\n");
}
