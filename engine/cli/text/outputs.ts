import type { OutputRecord } from "../../stack/state/model.ts";
import { alignColumns } from "./table.ts";

const oneLine = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** `  SiteBucket  web-assets-dev  where the site's files are`. */
export function outputsText(outputs: Readonly<Record<string, OutputRecord>>): string[] {
  return alignColumns(
    Object.entries(outputs).map(([name, { value, description }]) => [name, oneLine(value), description ?? ""]),
    "  ",
  );
}
