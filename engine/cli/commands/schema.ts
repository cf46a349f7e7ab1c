import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { templateSchema } from "../../stack/template-schema/template-schema.ts";
import type { Output } from "../output.ts";

/** The JSON Schema of templates: for editors, whatever the format asked for. */
export function schema(output: Output): void {
  const value = templateSchema([...SERVICES, ...AWS_SERVICES].flatMap((service) => service.resources));
  output.answer(value, () => JSON.stringify(value, null, 2));
}
