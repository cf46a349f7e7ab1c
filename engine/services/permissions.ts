import { Type, type Static } from "typebox";
import { defineErrors } from "./errors.ts";
import { withoutStatement } from "./policy-text.ts";

/** What other accounts may do with a queue or topic, granted one by one under a label. */
export const Permission = Type.Object({
  label: Type.String(),
  accounts: Type.Array(Type.String()),
  actions: Type.Array(Type.String()),
});
export type Permission = Static<typeof Permission>;

/** Rows of the table of errors of each service that grants permissions. */
export const permissionErrors = defineErrors({
  PermissionExists: {
    kind: "alreadyExists",
    message: (p: { label: string }) => `A permission labelled ${p.label} exists.`,
  },
  PermissionNotFound: { kind: "notFound", message: (p: { label: string }) => `No permission is labelled ${p.label}.` },
});

interface Permitting {
  readonly permissions: Permission[];
  readonly settings: { readonly policy?: string };
}

/** Errors: `PermissionExists` */
export function grant<T extends Permitting>(record: T, permission: Permission): T {
  const { label } = permission;
  if (record.permissions.some((one) => one.label === label)) throw permissionErrors.PermissionExists({ label });
  return { ...record, permissions: [...record.permissions, permission] };
}

/**
 * Takes back what was granted under a label, or the policy's statement of that name.
 * Errors: `PermissionNotFound`
 */
export function revoke<T extends Permitting>(record: T, label: string): T {
  const permissions = record.permissions.filter((one) => one.label !== label);
  if (permissions.length < record.permissions.length) return { ...record, permissions };
  const policy = withoutStatement(record.settings.policy, label);
  if (policy === undefined) throw permissionErrors.PermissionNotFound({ label });
  return { ...record, settings: { ...record.settings, policy } };
}
