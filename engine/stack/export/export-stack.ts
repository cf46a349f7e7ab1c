import type { StackParts } from "../apply/deployment.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import type { Environment } from "../expressions/environment.ts";
import type { Expression } from "../expressions/expression.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { holds, templateEnvironment, type KnownResource } from "../expressions/template-environment.ts";
import { equalValues, type Value } from "../expressions/value.ts";
import { readInputs, type TemplateInputs } from "../operations/read-inputs.ts";
import type { StackQuery } from "../requests.ts";
import type { StackRecord } from "../state/model.ts";
import { readState, type RecordedState } from "../state/read-state.ts";
import type { RuleDeclaration, Template } from "../template/template.ts";
import { errors } from "./errors.ts";
import type { ExportedExtra, ExportedOutput, ExportedParameter, ExportedStack } from "./exported.ts";
import { exportedResource } from "./exported-resource.ts";
import { readSubjects, type Subject } from "./subjects.ts";
import { namesIn, reductionFor, type Exporting, type ExportForm } from "./exporting.ts";
import { literalOf } from "./literal.ts";
import { residual } from "./residual.ts";
import { Placeholders } from "./secrets.ts";

/**
 * A stack as it is recorded, ready to be written as code.
 * Errors: `NoSuchStack`, `NotExportable`
 */
export async function exportStack(parts: StackParts, query: StackQuery, form: ExportForm): Promise<ExportedStack> {
  const { scope, stack: name } = query;
  const found = await parts.store.read(async (tx) => {
    const state = await readState(tx, scope, name);
    const { stack } = state;
    if (!stack || stack.status === "destroyed") return undefined;
    const source = { file: stack.file, text: stack.template };
    const request = { scope, stack: name, source, parameters: stack.parameters, mayBeMissing: false };
    const inputs = await readInputs(tx, parts, request);
    const subjects = await readSubjects(tx, parts, { scope, stack: name, state, inCloudTypes: form.inCloudTypes });
    return { state, stack, inputs, subjects };
  });
  if (!found) throw errors.NoSuchStack({ stack: name });
  const exporting = exportingOf(query, form, found);
  const { inputs, stack, subjects } = found;
  const resources = inOrder(subjects, exporting.template).map((subject) => exportedResource(subject, exporting));
  const outputs = exportedOutputs(stack, exporting);
  const rules = [...(exporting.template?.rules.values() ?? [])];
  const used = new Set([
    ...rules.flatMap((rule) => expressionsOfRule(rule).flatMap((each) => [...namesIn(each)])),
    ...resources.flatMap(({ properties, extras }) => [...namesIn(properties), ...extras.flatMap(namesInExtra)]),
    ...outputs.flatMap((each) => [...namesIn(each.value), ...(each.exportName ? namesIn(each.exportName) : [])]),
  ]);
  const declared = exportedParameters(inputs, stack).filter((each) => used.has(each.name));
  const stoodIn = exporting.placeholders.parameters.filter((each) => used.has(each.name));
  return {
    scope,
    name,
    ...(exporting.template?.description !== undefined && { description: exporting.template.description }),
    parameters: [...declared, ...stoodIn],
    rules,
    resources,
    outputs,
  };
}

const expressionsOfRule = ({ condition, assertions }: RuleDeclaration): readonly Expression[] => [
  ...(condition ? [condition] : []),
  ...assertions.map(({ assert }) => assert),
];

const namesInExtra = ({ value }: ExportedExtra): readonly string[] => [...namesIn(value)];

/** As its author had them; what the template does not have any more comes last. */
function inOrder(subjects: Exporting["subjects"], template: Template | undefined): readonly Subject[] {
  const declared = [...(template?.resources.keys() ?? [])].flatMap((name) => subjects.get(name) ?? []);
  return [...new Set([...declared, ...subjects.values()])];
}

interface Found {
  readonly state: RecordedState;
  readonly stack: StackRecord;
  readonly inputs: TemplateInputs;
  readonly subjects: ReadonlyMap<string, Subject>;
}

function exportingOf({ scope, stack }: StackQuery, form: ExportForm, found: Found): Exporting {
  const { state, inputs, subjects } = found;
  // What was deployed by an earlier engine may not be a template to this one.
  const template = hasErrors(inputs.problems) ? undefined : inputs.template;
  const parameters = template ? inputs.parameters : new Map<string, Value>();
  const byName = new Map([...subjects.values()].map((each) => [each.logicalId, each]));
  const placeholders = new Placeholders([...parameters.keys(), ...byName.keys()]);
  const environment = (resource: (name: string) => KnownResource | undefined): Environment =>
    templateEnvironment({
      scope,
      stack,
      template: template ?? { mappings: new Map(), conditions: new Map() },
      parameters,
      exports: state.exports,
      others: inputs.others,
      resource,
      // What it said of these values it said when they were deployed.
      report: () => undefined,
    });
  const exported = environment((name) => known(byName.get(name)));
  return {
    form,
    template,
    subjects,
    placeholders,
    secretExports: new Set([...state.exports].filter(([, each]) => each.isSensitive).map(([name]) => name)),
    known: environment((name) => {
      const subject = subjects.get(name);
      return subject && { ref: subject.recorded.type.ref, attributes: subject.record.attributes };
    }),
    exported: { ...exported, reference: (name) => placeholders.valueOf(name) ?? exported.reference(name) },
  };
}

const known = (subject: Subject | undefined): KnownResource | undefined =>
  subject && { ref: subject.registered.type.ref, attributes: subject.attributes };

function exportedParameters({ template, parameters }: TemplateInputs, stack: StackRecord): ExportedParameter[] {
  return [...(template?.parameters.values() ?? [])].map((declaration) => {
    const { name, isSecret } = declaration;
    const text = stack.parameters[name] ?? declaration.default;
    const value = parameters.get(name);
    const given = { ...(text !== undefined && { text }), ...(value !== undefined && { value }) };
    return { name, declaration, isSecret, ...(!isSecret && given) };
  });
}

/** The outputs of nested templates were there to be used within the stack, unless other stacks import them. */
function exportedOutputs(stack: StackRecord, exporting: Exporting): ExportedOutput[] {
  const { template, known: environment, exported, placeholders } = exporting;
  return Object.entries(stack.outputs).flatMap(([recorded, output]): ExportedOutput[] => {
    const { value, description, exportName, isSensitive = false } = output;
    if (recorded.includes("/") && exportName === undefined) return [];
    const name = recorded.replaceAll("/", "");
    const declared = template?.outputs.get(recorded);
    const reduction = reductionFor(exporting, name, ["Output"]);
    const said = declared && holds(environment, declared.condition) ? residual(declared.value, reduction) : undefined;
    const isSaid = said && equalValues(evaluate(said, exported), value);
    const plain = () => (isSensitive ? placeholders.insteadOf(value, name, ["Output"]) : literalOf(value));
    const named = declared?.exportName && residual(declared.exportName, reduction);
    return [
      {
        name,
        value: isSaid ? said : plain(),
        isSensitive,
        ...(description !== undefined && { description }),
        ...(exportName !== undefined && { exportName: named ?? literalOf(exportName) }),
      },
    ];
  });
}
