import { driftSentences, SYMBOLS } from "../../text/plan-words.ts";
import { elapsedText } from "../../text/progress.ts";
import { graphOf } from "../graph/graph.ts";
import type { StackReport, StepReport } from "../report.ts";
import { outputRow, resourceRows, type PropertyRow, type ResourceRow } from "../rows.ts";
import { code, element, place, table, together, type Child, type Markup } from "./element.ts";
import { graphSvg, NODES_MAX } from "./graph-svg.ts";

/** What a page tells of one stack; `prefix` makes the ids of its rows. */
export function stackSections(stack: StackReport, prefix: string): Markup[] {
  const rows = resourceRows(stack);
  const ids = new Map(rows.map(({ logicalId }, index) => [logicalId, `${prefix}-${index}`]));
  return [
    ...graphFigure(stack, ids),
    ...(rows.length > 0 ? [resourcesTable(rows, ids)] : [element("p", {}, "Nothing changes.")]),
    ...driftList(stack),
    ...outputsTable(stack),
  ];
}

function graphFigure(stack: StackReport, ids: ReadonlyMap<string, string>): Markup[] {
  const graph = graphOf({ stacks: [stack] });
  if (graph.nodes.length === 0) return [];
  if (graph.nodes.length > NODES_MAX)
    return [element("p", { class: "faint" }, `${graph.nodes.length} resources are too many for a drawing.`)];
  const title = `${stack.stack}: resources and what they depend on`;
  const caption = "What comes first stands on the left. + create, ~ update, ± replace, - delete, = import, » rename";
  const drawing = graphSvg(graph, title, ({ name }) => ids.get(name));
  return [element("figure", {}, drawing, element("figcaption", {}, `${caption}, ^ keep without the stack.`))];
}

function resourcesTable(rows: readonly ResourceRow[], ids: ReadonlyMap<string, string>): Markup {
  return table(
    ["Change", "Resource", "Type", "What", "Outcome", "Where"].map((heading) => ({ heading })),
    rows.map((row) => ({
      id: ids.get(row.logicalId) ?? "",
      cells: [
        element("span", { class: `action ${row.action}` }, `${SYMBOLS[row.action]} ${row.words}`.trim()),
        code(row.logicalId),
        row.type,
        whatCell(row),
        row.step ? outcomeCell(row.step) : "",
        place(row.place),
      ],
    })),
  );
}

function whatCell({ detail, properties, reasons }: ResourceRow): Child {
  if (detail === "" && properties.length === 0 && reasons.length === 0) return "";
  return together(
    code(detail),
    ...reasons.map((reason) => element("p", { class: "reason" }, reason)),
    ...(properties.length > 0 ? [element("dl", {}, ...properties.flatMap(propertyItems))] : []),
  );
}

const propertyItems = ({ path, before, after, remarks }: PropertyRow): Markup[] => [
  element("dt", {}, code(path), ...remarks.flatMap((remark) => [" ", element("span", { class: "reason" }, remark)])),
  element("dd", {}, ...valueLines(before, after)),
];

const valueLines = (before: string | undefined, after: string | undefined): Markup[] => [
  ...(before === undefined ? [] : [element("code", { class: "removed" }, `- ${before}`)]),
  ...(after === undefined ? [] : [element("code", { class: "added" }, `+ ${after}`)]),
];

const OUTCOMES: Readonly<Record<StepReport["status"], string>> = {
  done: "done",
  failed: "failed",
  skipped: "not reached",
  undone: "undone",
  "not-undone": "not undone",
};

function outcomeCell({ status, elapsedMs, cause }: StepReport): Child {
  const text = elapsedMs === undefined ? OUTCOMES[status] : `${OUTCOMES[status]}, ${elapsedText(elapsedMs)}`;
  if (status !== "failed" && status !== "not-undone") return text;
  const why = cause ? [element("p", {}, `${cause.code}: ${cause.message}`)] : [];
  return together(element("strong", { class: "failed-text" }, text), ...why);
}

function driftList({ plan }: StackReport): Markup[] {
  const sentences = plan ? driftSentences(plan) : [];
  if (sentences.length === 0) return [];
  return [
    element("h3", {}, "Changed elsewhere"),
    element("ul", {}, ...sentences.map((sentence) => element("li", {}, sentence))),
  ];
}

function outputsTable({ plan, result }: StackReport): Markup[] {
  const given = Object.entries(result?.outputs ?? {});
  if (given.length > 0) {
    const rows = given.map(([name, { value, description = "" }]) => ({
      cells: [code(name), code(typeof value === "string" ? value : JSON.stringify(value)), description],
    }));
    const columns = [{ heading: "Output" }, { heading: "Value" }, { heading: "What it is" }];
    return [element("h3", {}, "Outputs"), table(columns, rows)];
  }
  const planned = (plan?.outputs ?? []).map(outputRow);
  if (planned.length === 0) return [];
  const rows = planned.map(({ name, action, before, after }) => ({
    cells: [
      element("span", { class: `action ${action}` }, SYMBOLS[action]),
      code(name),
      together(...valueLines(before, after)),
    ],
  }));
  const columns = [{ heading: "Change" }, { heading: "Output" }, { heading: "Value" }];
  return [element("h3", {}, "Outputs"), table(columns, rows)];
}
