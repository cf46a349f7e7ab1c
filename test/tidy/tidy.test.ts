import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

/** The house rules that a machine can check. Limits ratchet down, not up. */
const LINES_PER_FILE_MAX = 500;
const LINES_PER_TABLE_MAX = 800;
const LINES_PER_FUNCTION_MAX = 70;
const COLUMNS_MAX = 120;

const root = resolve(import.meta.dirname, "../..");
const files = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.mjs", "*.cjs"],
  { cwd: root, encoding: "utf8" },
)
  .split("\n")
  .filter((file) => file !== "" && !file.endsWith(".generated.ts") && existsSync(join(root, file)));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const isTest = (file: string) =>
  /[.](test|conformance)[.]ts$/.test(file) || file.startsWith("test/") || file.startsWith("engine/testing/");

/** Files that hold nothing but rows of facts say so in their first line. */
const isTable = (text: string) => text.startsWith("// Table:");

describe("files", () => {
  test("are no longer than a person reads in one go", () => {
    const tooLong = files.filter((file) => {
      const text = textOf(file);
      return text.split("\n").length - 1 > (isTable(text) ? LINES_PER_TABLE_MAX : LINES_PER_FILE_MAX);
    });
    expect(tooLong.join("\n")).toBe("");
  });

  test("have lines that fit a screen", () => {
    const tooWide = files.flatMap((file) =>
      textOf(file)
        .split("\n")
        .map((line, index) => ({ line, where: `${file}:${index + 1}` }))
        .filter(({ line }) => line.length > COLUMNS_MAX)
        .map(({ where }) => where),
    );
    expect(tooWide.join("\n")).toBe("");
  });

  test("are named in kebab case after what they hold", () => {
    const nameless = /(^|\/)(utils?|helpers?|misc|common|manager|stuff)([.-]|\/|$)/;
    const badlyNamed = files.filter((file) => {
      const name = file.split("/").at(-1) ?? "";
      return nameless.test(file) || !/^[.a-z0-9-]+$/.test(name);
    });
    expect(badlyNamed.join("\n")).toBe("");
  });
});

describe("functions", () => {
  test(`have at most ${LINES_PER_FUNCTION_MAX} lines`, () => {
    const tooLong: string[] = [];
    for (const file of files.filter((name) => name.endsWith(".ts") && !isTest(name))) {
      const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
      const visit = (node: ts.Node): void => {
        if (ts.isFunctionLike(node) && "body" in node && node.body) {
          const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
          const to = source.getLineAndCharacterOfPosition(node.end).line;
          if (to - from + 1 > LINES_PER_FUNCTION_MAX) tooLong.push(`${file}:${from + 1} (${to - from + 1} lines)`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(tooLong.join("\n")).toBe("");
  });
});

/** What may not be written, where it may after all, and why. */
const BANNED: readonly { pattern: RegExp; except: RegExp; why: string }[] = [
  { pattern: /\bDate\.now\(/, except: /^engine\/platform\/|^test\//, why: "time is injected" },
  { pattern: /\bnew Date\(\)/, except: /^engine\/platform\/|^test\//, why: "time is injected" },
  { pattern: /\bMath\.random\(/, except: /^engine\/platform\//, why: "randomness is injected" },
  { pattern: /\brandomUUID\(/, except: /^engine\/platform\//, why: "ids are injected" },
  {
    pattern: /\bprocess\.env\b/,
    except: new RegExp(
      "^engine/(platform|cli|testing|models/compile-aws)/|^(terraform-provider-shim|test)/|[.]test[.]ts$|^vitest[.]",
    ),
    why: "configuration comes from platform",
  },
  {
    pattern: /\bconsole\.\w+\(/,
    except: /^engine\/(cli|generate|models\/compile-aws|testing)\/|^test\/|[.]mjs$/,
    why: "only the command line prints",
  },
  { pattern: /\b(FIXME|XXX)\b/, except: /^$/, why: "mend it or file an issue" },
  { pattern: /\bTODO\b(?!\(#\d+\))/, except: /^$/, why: "a TODO carries an issue: TODO(#7)" },
  { pattern: /\b(test|it|describe)\.(only|todo)\b/, except: /^$/, why: "every test runs" },
  { pattern: /@ts-ignore|@ts-nocheck/, except: /^$/, why: "types are told the truth" },
  { pattern: /catch\s*(\(\w*\))?\s*\{\s*\}/, except: /^$/, why: "no error is swallowed" },
];

describe("the ban list", () => {
  for (const { pattern, except, why } of BANNED) {
    test(`${pattern.source}: ${why}`, () => {
      const found = files
        .filter((file) => !except.test(file) && file !== "test/tidy/tidy.test.ts")
        .flatMap((file) =>
          textOf(file)
            .split("\n")
            .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
        );
      expect(found.join("\n")).toBe("");
    });
  }
});

describe("a service's folder", () => {
  const rooms = ["service", "model", "operations", "errors", "resources"];
  const services = ["engine/services", "engine/clouds/aws"].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${parent}/${entry.name}`),
  );

  for (const folder of services) {
    test(`${folder} has the five rooms and a test`, () => {
      const entries = readdirSync(join(root, folder));
      const missing = rooms.filter((room) => !entries.includes(`${room}.ts`) && !entries.includes(room));
      expect(missing.join("\n")).toBe("");
      expect(entries.some((entry) => entry.endsWith(".test.ts"))).toBe(true);
    });
  }
});
