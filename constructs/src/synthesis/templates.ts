import type { IConstruct } from "constructs";
import { invokeAspects } from "../aspects.ts";
import { TemplateElement, type Section } from "../element.ts";
import { Problems } from "./problems.ts";
import { boundaryOf, requireStack, type StackBoundary } from "./stack-boundary.ts";
import { Synthesis } from "./synthesis.ts";

/** A stack as it is deployed. */
export interface SynthesizedStack {
  readonly boundary: StackBoundary;
  /** Sections by name, in the order that templates have them. */
  readonly template: Template;
  /** What must be deployed first, in the order of the app. */
  readonly dependencies: readonly StackBoundary[];
}

export type Template = Readonly<Record<string, unknown>>;

const SECTIONS: readonly Section[] = ["Parameters", "Rules", "Mappings", "Conditions", "Resources", "Outputs"];

/**
 * The templates of all stacks of a tree, those that others depend on first.
 * Errors: everything that is wrong with the tree, at once: what aspects and validations say, names that two constructs
 *   share, values that cannot be resolved, stacks that depend on each other.
 */
export function synthesizeStacks(root: IConstruct): readonly SynthesizedStack[] {
  const problems = new Problems();
  invokeAspects(root, problems);
  for (const construct of root.node.findAll())
    for (const message of construct.node.validate()) problems.add(construct, message);
  const synthesis = new Synthesis();
  const boundaries = root.node.findAll().flatMap((construct) => boundaryOf(construct) ?? []);
  checkNames(boundaries, problems);
  // All sections first: what a stack exports is known when every other one has been looked at.
  const declared = boundaries.map((boundary) => [boundary, sectionsOf(boundary, synthesis, problems)] as const);
  for (const [boundary, sections] of declared) checkExports(boundary, sections, synthesis, problems);
  const stacks = declared.map(([boundary, sections]) => ({
    boundary,
    template: templateOf(boundary, sections, synthesis),
    dependencies: boundaries.filter((each) => synthesis.dependenciesOf(boundary).has(each)),
  }));
  const ordered = inOrder(stacks, problems);
  problems.throwIfAny();
  return ordered;
}

function checkNames(boundaries: readonly StackBoundary[], problems: Problems): void {
  const byPlace = new Map<string, StackBoundary>();
  for (const boundary of boundaries) {
    const place = JSON.stringify([boundary.account, boundary.region, boundary.name]);
    const other = byPlace.get(place);
    if (other)
      problems.add(boundary.construct, `its name "${boundary.name}" is that of ${other.construct.node.path}, too`);
    byPlace.set(place, boundary);
  }
}

type Sections = ReadonlyMap<Section, ReadonlyMap<string, unknown>>;

const elementsOf = (boundary: StackBoundary): readonly TemplateElement[] =>
  boundary.construct.node
    .findAll()
    .filter(TemplateElement.isTemplateElement)
    .filter((element) => requireStack(element) === boundary);

function sectionsOf(boundary: StackBoundary, synthesis: Synthesis, problems: Problems): Sections {
  const sections = new Map<Section, Map<string, unknown>>();
  const owners = new Map<string, TemplateElement>();
  for (const element of elementsOf(boundary)) {
    problems.attempt(element, () => {
      const { logicalId } = element;
      const owner = owners.get(spaceOf(element) + logicalId);
      if (owner)
        throw new Error(`its name in the template, "${logicalId}", is that of ${owner.node.path}, too: rename one`);
      owners.set(spaceOf(element) + logicalId, element);
      const section = sections.get(element._section) ?? new Map<string, unknown>();
      sections.set(element._section, section);
      section.set(logicalId, element._declaration(synthesis.contextOf(element)));
    });
  }
  return sections;
}

/** What `Ref` reaches must differ; other sections have names of their own. */
const spaceOf = ({ _section }: TemplateElement) =>
  _section === "Resources" || _section === "Parameters" ? "" : `${_section} `;

/** Exports for other stacks are outputs, too. */
function checkExports(boundary: StackBoundary, sections: Sections, synthesis: Synthesis, problems: Problems): void {
  const own = sections.get("Outputs");
  for (const { outputName } of synthesis.exportsOf(boundary).filter((one) => own?.has(one.outputName)))
    problems.add(boundary.construct, `an output is called "${outputName}" as what another stack uses: rename it`);
}

function templateOf(boundary: StackBoundary, sections: Sections, synthesis: Synthesis): Template {
  const exports = synthesis.exportsOf(boundary).map(({ outputName, exportName, value }) => {
    return [outputName, { Value: value, Export: { Name: exportName } }] as const;
  });
  const whole = SECTIONS.map((section) => {
    const own = [...(sections.get(section) ?? [])];
    return [section, Object.fromEntries(section === "Outputs" ? [...own, ...exports] : own)] as const;
  });
  return {
    ...(boundary.description !== undefined && { Description: boundary.description }),
    ...(boundary.transforms.size > 0 && { Transform: [...boundary.transforms] }),
    ...Object.fromEntries(
      whole.filter(([name, entries]) => name === "Resources" || Object.keys(entries).length > 0),
    ),
    ...relocationsOf(boundary),
  };
}

/** CloudStacks' own sections about what is there already. */
function relocationsOf(boundary: StackBoundary): Template {
  const elements = elementsOf(boundary);
  const moved = elements.flatMap(({ logicalId, _relocation: { movedFrom } }) =>
    movedFrom === undefined ? [] : [{ From: movedFrom, To: logicalId }],
  );
  const imports = elements.flatMap(({ logicalId, _relocation: { importFrom } }) =>
    importFrom === undefined ? [] : [[logicalId, importFrom] as const],
  );
  return {
    ...(moved.length > 0 && { Moved: moved }),
    ...(imports.length > 0 && { Import: Object.fromEntries(imports) }),
  };
}

/** Dependencies first, otherwise as the app has them. */
function inOrder(stacks: readonly SynthesizedStack[], problems: Problems): readonly SynthesizedStack[] {
  const ordered: SynthesizedStack[] = [];
  const byBoundary = new Map(stacks.map((stack) => [stack.boundary, stack]));
  const visit = (stack: SynthesizedStack, way: readonly SynthesizedStack[]) => {
    if (ordered.includes(stack)) return;
    if (way.includes(stack)) {
      const circle = [...way.slice(way.indexOf(stack)), stack].map(({ boundary }) => boundary.name);
      problems.add(stack.boundary.construct, `stacks depend on each other: ${circle.join(" -> ")}`);
      return;
    }
    for (const dependency of stack.dependencies) {
      const next = byBoundary.get(dependency);
      if (next) visit(next, [...way, stack]);
    }
    if (!ordered.includes(stack)) ordered.push(stack);
  };
  for (const stack of stacks) visit(stack, []);
  return ordered;
}
