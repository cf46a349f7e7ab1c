import { assert, json, jsonValue, nat, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { readJson } from "./read-json.ts";
import { readYaml, readYamlText } from "./read-yaml.ts";

describe("a template that is JSON", () => {
  test("is read as the reader of YAML would read it, places and all", () => {
    assert(
      property(jsonValue({ maxDepth: 4 }), nat(3), nat(100), (value, indent, offset) => {
        const text = JSON.stringify({ Resources: value }, null, indent);
        const found = readJson(text, offset);
        const { root, problems } = readYamlText(text, offset);
        if (found) expect(found).toEqual(root);
        // It is left to the other only where that has something to say.
        else expect(problems.length + (/"<<"|__proto__/.test(text) ? 1 : 0)).toBeGreaterThan(0);
      }),
      { numRuns: 500, seed: 31 },
    );
  });

  test("that is torn is left to the reader of YAML", () => {
    assert(
      property(json(), nat(), (text, at) => {
        const torn = `{"a": ${text.slice(0, at % (text.length + 1))}`;
        expect(readJson(torn, 0)).toBeUndefined();
      }),
      { seed: 32 },
    );
  });

  test.each(['{"a": 01}', '{"a": 1.10}', '{"a": 1e3}', '{"a": "\\u00e9\\n"}', '{"a": -0.5, "b": [true, null]}', "{}"])(
    "%s means the same to both",
    (text) => {
      expect(readYaml(text)).toEqual(readYamlText(text));
    },
  );
});
