import { expect, test } from "vitest";
import { stacksUnderTest } from "../testing/stack-engine.ts";
import { formatDiagnostic } from "./diagnostics/format.ts";

const madeAt = (line: number) => ({ "cloudstacks:source": { file: "src/app.ts", line, column: 5 } });
const template = (resources: object) => JSON.stringify({ Resources: resources }, null, 1);

test("a change of a template that a program wrote is at the program's line", async () => {
  const { deploy, plan } = stacksUnderTest();
  const thing = (size: number) =>
    template({
      Plain: { Type: "Thing", Properties: { Value: "plain" } },
      Own: { Type: "Thing", Properties: { Value: "own", Count: size }, Metadata: madeAt(12) },
    });
  await deploy(thing(1));
  const { plan: made } = await plan(thing(2));
  const [, own] = made?.changes ?? [];
  const atLine12 = { line: 12, column: 5, endLine: 12, endColumn: 6, program: "src/app.ts" };
  expect(own).toMatchObject({ logicalId: "Own", action: "update", range: atLine12 });
  expect(own?.properties[0]).toMatchObject({ path: "Count", range: atLine12 });
  expect(made?.changes[0]?.range).toEqual({ line: 3, column: 3, endLine: 3, endColumn: 10 });
});

test("a problem is told at the program's line, without a line of the template", async () => {
  const { plan } = stacksUnderTest();
  const text = template({
    First: { Type: "Thing", Properties: { Value: "first", Colours: "red" }, Metadata: madeAt(7) },
    Second: { Type: "Thing", Properties: { Value: "second" }, DependsOn: "Nothing", Metadata: madeAt(9) },
  });
  const { diagnostics } = await plan(text);
  expect(diagnostics.map((each) => formatDiagnostic(each, text))).toEqual([
    'error[CS1203] unknown property "Colours" of Thing  src/app.ts:7:5\n  did you mean "Colour"?',
    'error[CS1103] there is no resource "Nothing"  src/app.ts:9:5',
  ]);
});

test("metadata of that name which says no line changes nothing", async () => {
  const { plan } = stacksUnderTest();
  const Metadata = { "cloudstacks:source": "by hand" };
  const { plan: made } = await plan(template({ Own: { Type: "Thing", Properties: { Value: "own" }, Metadata } }));
  expect(made?.changes[0]?.range).toMatchObject({ line: 3 });
});
