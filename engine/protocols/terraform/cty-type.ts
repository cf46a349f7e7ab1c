/** A type as Terraform's schemas write it in JSON. Tuples are types of values only, never of attributes. */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", CtyType]
  | readonly ["tuple", readonly CtyType[]]
  | readonly ["object", Readonly<Record<string, CtyType>>];

export const ctyList = (element: CtyType): CtyType => ["list", element];
export const ctyMap = (element: CtyType): CtyType => ["map", element];
export const ctyObject = (attributes: Readonly<Record<string, CtyType>>): CtyType => ["object", attributes];

/** The bytes by which a schema names a type. */
export const ctyTypeBytes = (type: CtyType): Buffer => Buffer.from(JSON.stringify(type), "utf8");
