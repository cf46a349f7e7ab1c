// Compiles the package with jsii: JavaScript and declarations in dist/, and .jsii, from which the packages of the other
// languages are made. A warning fails.
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { env as inherited } from "node:process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const jsii = createRequire(import.meta.url).resolve("jsii/bin/jsii");
// jsii names Node 20 as outdated; the engine still runs on it, and what is compiled is the same.
const env = { ...inherited, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1" };
// Names that another language reserves (`type`, `default`) are written differently there by jsii itself.
const options = ["--fail-on-warnings", "--silence-warnings", "reserved-word"];
const { status } = spawnSync(process.execPath, [jsii, ...options], { cwd: here, env, stdio: "inherit" });
process.exit(status ?? 1);
