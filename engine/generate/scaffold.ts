import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { modelIndex } from "../protocols/aws/model-index.ts";
import { generate } from "./generate.ts";
import { awsServiceRooms, serviceRooms } from "./scaffold-rooms.ts";

const USAGE = `npm run new -- service NAME   a capability in engine/services/NAME (a plural noun: queues)
npm run new -- aws NAME       an AWS service in engine/clouds/aws/NAME (as in engine/models/aws/index.json: sqs)`;

/** `npm run new` writes a service's five rooms and a failing test, then brings the generated files up to date. */
async function main(): Promise<void> {
  const [kind, name, ...rest] = process.argv.slice(2);
  if (kind === undefined || name === undefined || rest.length > 0) return refuse(USAGE);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    return refuse(`"${name}" is not a name in kebab case, e.g. log-groups.`);
  const parent = { service: "engine/services", aws: "engine/clouds/aws" }[kind];
  if (parent === undefined) return refuse(`"${kind}" is neither "service" nor "aws".\n${USAGE}`);
  if (kind === "aws" && modelIndex().byId(name) === undefined) {
    return refuse(`AWS has no service with the model id "${name}"; engine/models/aws/index.json lists them.`);
  }
  const root = resolve(fileURLToPath(import.meta.url), "../../..");
  const folder = join(parent, name);
  if (existsSync(join(root, folder))) return refuse(`${folder} exists already.`);

  const rooms = kind === "aws" ? awsServiceRooms(name) : serviceRooms(name);
  for (const [file, content] of rooms) {
    const path = join(root, folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const written = await generate(root, false);
  console.log(
    [...rooms.keys()]
      .map((file) => `wrote ${join(folder, file)}`)
      .concat(written.map((file) => `wrote ${file}`))
      .join("\n"),
  );
  console.log(`Next: npx vitest run --project unit ${folder}   (one test fails and says what to do)`);
}

function refuse(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

await main();
