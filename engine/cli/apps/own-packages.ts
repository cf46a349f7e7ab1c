import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { shippedFolder } from "../../platform/shipped-files.ts";
import { VERSION } from "../../platform/version.ts";

/** How a project names CloudStacks' own packages. */
export interface OwnPackages {
  /** Versions as `package.json` has them. */
  readonly engine: string;
  readonly constructs: string;
  /** What stands behind the name in `requirements.txt`. */
  readonly python: string;
  /** What must be run before the package for Python is there. */
  readonly beforePython: readonly string[];
}

/**
 * Where a new project gets CloudStacks' own packages from: where this program was installed from, or, when it runs in a
 * clone of its repository, the clone itself.
 */
export function ownPackages(): OwnPackages {
  const engine = resolve(shippedFolder("."));
  if (engine.split(sep).includes("node_modules"))
    return { engine: `^${VERSION}`, constructs: `^${VERSION}`, python: `==${VERSION}`, beforePython: [] };
  const constructs = resolve(engine, "../constructs");
  return {
    engine: link(engine),
    constructs: link(constructs),
    python: ` @ ${pathToFileURL(join(constructs, "dist/packages/python")).href}`,
    beforePython: [`node "${join(constructs, "package.mjs")}" python`],
  };
}

const link = (folder: string) => `file:${folder.replaceAll("\\", "/")}`;
