import { EMPTY_GRAPH, type Graph, type Pass, type PlanInput } from "./graph.ts";
import { changes } from "./passes/changes.ts";
import { cycles } from "./passes/cycles.ts";
import { declared } from "./passes/declared.ts";
import { orphans } from "./passes/orphans.ts";
import { protections } from "./passes/protections.ts";
import { references } from "./passes/references.ts";
import { replacements } from "./passes/replacements.ts";
import { suggestions } from "./passes/suggestions.ts";
import { targets } from "./passes/targets.ts";

/** Planning, in order; each pass says why it stands where it does. */
const PLAN_PASSES: readonly Pass[] = [
  declared,
  orphans,
  references,
  cycles,
  targets,
  changes,
  replacements,
  protections,
  suggestions,
];

export const buildGraph = (input: PlanInput): Graph =>
  PLAN_PASSES.reduce((graph, pass) => pass(graph, input), EMPTY_GRAPH);
