// The package's one door: jsii takes what an assembly exports from here.
export * from "./app.ts";
export * from "./aspects.ts";
export * from "./language/condition.ts";
export * from "./language/fn.ts";
export * from "./language/mapping.ts";
export * from "./language/output.ts";
export * from "./language/parameter.ts";
export * from "./language/pseudo.ts";
export * from "./resource.ts";
export * from "./stack.ts";
export * from "./synthesis/assembly-types.ts";
export { Tags } from "./tags.ts";
export { TemplateElement } from "./element.ts";
export * from "./tokens/lazy.ts";
export type { IResolvable, IResolveContext } from "./tokens/resolvable.ts";
export * from "./tokens/token.ts";
export * as aws from "./aws/index.generated.ts";
export * as types from "./types/index.generated.ts";
