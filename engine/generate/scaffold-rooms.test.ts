import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { awsTypesSource } from "./aws-types.ts";
import { awsServiceRooms, serviceRooms } from "./scaffold-rooms.ts";
import { loadAwsModel } from "../protocols/aws/load-model.ts";

const root = resolve(import.meta.dirname, "../..");

/** What the compiler says of files that stand in the tree only for it. */
function complaintsAbout(files: ReadonlyMap<string, string>): readonly string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, directoryExists } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.directoryExists = (folder) =>
    [...files.keys()].some((file) => file.startsWith(`${folder}/`)) || directoryExists?.(folder) === true;
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map((problem) => `${file}: ${ts.flattenDiagnosticMessageText(problem.messageText, "\n")}`);
  });
}

const placed = (folder: string, rooms: ReadonlyMap<string, string>) =>
  new Map([...rooms].map(([name, content]) => [join(root, folder, name), content]));

const ROOMS = ["service.ts", "model.ts", "errors.ts", "operations.ts", "resources.ts", "service.test.ts"];

describe("a scaffolded service", () => {
  test("has the five rooms and a test", () => {
    expect([...serviceRooms("log-groups").keys()]).toEqual(ROOMS);
    expect([...awsServiceRooms("cognito-idp").keys()]).toEqual(ROOMS);
  });

  test("names its constant after the folder, and its entity in the singular", () => {
    const rooms = serviceRooms("access-policies");
    expect(rooms.get("service.ts")).toContain("export const accessPolicies = service({");
    expect(rooms.get("model.ts")).toContain("export interface AccessPolicy {");
    expect(rooms.get("model.ts")).toContain('("access-policies", "access-policy")');
  });

  test("compiles as it stands, in services and in clouds/aws", () => {
    const types = awsTypesSource(loadAwsModel("cognito-idp")!);
    const files = new Map([
      ...placed("engine/services/log-groups", serviceRooms("log-groups")),
      ...placed("engine/clouds/aws/cognito-idp", awsServiceRooms("cognito-idp")),
      ...placed("engine/models/aws", new Map([["cognito-idp.generated.ts", types]])),
    ]);
    expect(complaintsAbout(files)).toEqual([]);
  }, 60_000);
});
