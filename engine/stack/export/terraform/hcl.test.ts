import { expect, test } from "vitest";
import { literalOf } from "../literal.ts";
import { hclExpression } from "./hcl.ts";

const written = (text: string) => hclExpression(literalOf(text), () => "");

test.each([
  ["what begins an expression", "${a}/%{b}", '"$${a}/%%{b}"'],
  ["what begins none", "$a %b {c}", '"$a %b {c}"'],
  ["quotes and ends of lines", 'a "b"\n\tc\\', '"a \\"b\\"\\n\\tc\\\\"'],
  ["control characters, of which HCL has fewer short forms than JSON", "\b\f\u0001", '"\\u0008\\u000c\\u0001"'],
])("a text keeps %s", (_what, text, hcl) => {
  expect(written(text)).toBe(hcl);
});
