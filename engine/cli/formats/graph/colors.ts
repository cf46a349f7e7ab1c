import type { Action } from "../../../stack/plan/plan.ts";

/** How a node looks by what happens to it. */
export interface NodeColors {
  readonly fill: string;
  readonly line: string;
  readonly text: string;
}

export const NODE_COLORS: Readonly<Record<Action | "failed", NodeColors>> = {
  create: { fill: "#dafbe1", line: "#1a7f37", text: "#0a3d18" },
  import: { fill: "#dafbe1", line: "#1a7f37", text: "#0a3d18" },
  update: { fill: "#fff8c5", line: "#9a6700", text: "#4d3300" },
  rename: { fill: "#fff8c5", line: "#9a6700", text: "#4d3300" },
  replace: { fill: "#fbefff", line: "#8250df", text: "#3e1f79" },
  delete: { fill: "#ffebe9", line: "#cf222e", text: "#6e011a" },
  retain: { fill: "#f6f8fa", line: "#59636e", text: "#1f2328" },
  none: { fill: "#f6f8fa", line: "#d1d9e0", text: "#59636e" },
  failed: { fill: "#cf222e", line: "#82071e", text: "#ffffff" },
};
