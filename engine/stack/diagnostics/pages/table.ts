import type { DiagnosticCode } from "../codes.ts";
import { EXPRESSION_PAGES } from "./expression-pages.ts";
import type { CodePages } from "./page.ts";
import { PARAMETER_PAGES } from "./parameter-pages.ts";
import { PLAN_PAGES } from "./plan-pages.ts";
import { RESOURCE_PAGES } from "./resource-pages.ts";
import { STACK_PAGES } from "./stack-pages.ts";
import { TEMPLATE_PAGES } from "./template-pages.ts";

/** The manual of the diagnostics: a test holds every code to have a page. */
export const PAGES: CodePages & { readonly [Code in DiagnosticCode]?: CodePages[string] } = {
  ...TEMPLATE_PAGES,
  ...EXPRESSION_PAGES,
  ...RESOURCE_PAGES,
  ...PARAMETER_PAGES,
  ...PLAN_PAGES,
  ...STACK_PAGES,
};
