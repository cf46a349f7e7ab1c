import type { Expression } from "../../stack/expressions/expression.ts";
import type { ExportedResource } from "../../stack/export/exported.ts";
import { referenceTo } from "../../stack/export/literal.ts";
import { argumentsFor, parted, type Forms, type Made } from "../../stack/export/terraform/arguments.ts";
import type {
  Argument,
  Ignored,
  TerraformResource,
  TerraformType,
} from "../../stack/export/terraform/terraform-type.ts";

/** Types as Terraform's provider for AWS has them, by their names in CloudFormation. */
export type TerraformTypes = Readonly<Record<`AWS::${string}`, TerraformType>>;

export const AWS_PROVIDER = { name: "aws", source: "hashicorp/aws" } as const;

/** What a property becomes that is a resource of its own, or several. */
export interface Around {
  readonly type: string;
  resources(value: Expression, owner: ExportedResource): readonly TerraformResource[];
}

/** A type that Terraform's provider for AWS has as one resource, or as one with others around it. */
export interface AwsTerraformRow {
  readonly resource: string;
  readonly idAttribute: string;
  /** Terraform's name of each attribute; the first is what owned resources name it by, and what imports it. */
  readonly attributes: TerraformType["attributes"];
  readonly forms: Forms;
  /** Arguments that a plan is not to look at. */
  readonly ignored?: (resource: ExportedResource) => readonly Ignored[];
  /** Arguments that no property holds as it is. */
  readonly more?: (resource: ExportedResource) => readonly Argument[];
  /** Properties that are resources of their own. */
  readonly around?: Readonly<Record<string, Around>>;
}

export const awsTerraformType = (row: AwsTerraformRow): TerraformType => ({
  provider: AWS_PROVIDER,
  resource: row.resource,
  attributes: row.attributes,
  idAttribute: row.idAttribute,
  parts: Object.values(row.around ?? {}).map(({ type }) => type),
  resources(resource) {
    const { around = {} } = row;
    const ignored = row.ignored?.(resource) ?? [];
    const { own, rest } = parted(resource.properties, Object.keys(around));
    const [identity = ""] = Object.keys(row.attributes);
    const main: TerraformResource = {
      type: row.resource,
      body: [...(row.more?.(resource) ?? []), ...argumentsFor(row.forms, rest)],
      importId: valueIn(resource, identity),
      ...(ignored.length > 0 && { ignored }),
    };
    return [main, ...own.entries.flatMap(({ key, value }) => around[key]?.resources(value, resource) ?? [])];
  },
});

/** What a resource has of an attribute or property. */
export const valueIn = ({ attributes, live }: ExportedResource, name: string): string =>
  String(attributes[name] ?? live[name]);

interface OwnedMore {
  /** From the owner's attribute; that itself unless this says more. */
  readonly importId?: (owner: string) => string;
  readonly ignored?: readonly Ignored[];
}

/** A resource that names its owner by an argument. */
export function owned(
  type: string,
  [argument, attribute]: readonly [argument: string, attribute: string],
  body: Made,
  { importId = (owner) => owner, ignored }: OwnedMore = {},
): Around {
  return {
    type,
    resources: (value, owner) => [
      {
        type,
        body: [{ name: argument, value: referenceTo(owner.logicalId, attribute) }, ...body(value)],
        importId: importId(valueIn(owner, attribute)),
        ...(ignored && { ignored }),
      },
    ],
  };
}

interface PolicyRow {
  /** The property that names what the policy is of, and the argument that does. */
  readonly of: string;
  readonly argument: string;
  readonly policy: Forms;
  readonly idAttribute?: string;
}

/** The policy of one or more resources: a resource of Terraform for each. */
export function policyType(
  resource: string,
  { of, argument, policy, idAttribute }: PolicyRow,
): TerraformType {
  return {
    ...(idAttribute !== undefined && { idAttribute }),
    provider: AWS_PROVIDER,
    resource,
    attributes: {},
    resources(exported) {
      const { own, rest } = parted(exported.properties, [of]);
      const value = own.entries[0]?.value;
      const items = value?.kind === "list" ? value.items : value ? [value] : [];
      const ids = [exported.live[of]].flat();
      return items.map((item, index) => ({
        type: resource,
        ...(items.length > 1 && { suffix: String(index + 1) }),
        body: [{ name: argument, value: item }, ...argumentsFor(policy, rest)],
        importId: String(ids[index]),
      }));
    },
  };
}
