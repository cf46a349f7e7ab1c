import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
  GrantsInstanceExists: {
    kind: "alreadyExists",
    message: (p: { region: string }) => `The account has an instance of grants in ${p.region}.`,
  },
  GrantsInstanceNotFound: {
    kind: "notFound",
    message: (p: { region: string }) => `The account has no instance of grants in ${p.region}.`,
  },
  GrantsInstanceNotEmpty: { kind: "failedPrecondition", message: () => "The instance of grants has locations." },
  GrantsPolicyNotFound: { kind: "notFound", message: () => "The instance of grants has no policy." },
  GrantsPolicyInvalid: { kind: "invalidInput", message: (p: { why: string }) => `The policy is not valid: ${p.why}` },
  GrantsLocationExists: {
    kind: "alreadyExists",
    message: (p: { path: string }) => `There is a location at "${p.path}".`,
  },
  GrantsLocationNotFound: { kind: "notFound", message: (p: { id: string }) => `There is no location ${p.id}.` },
  GrantsLocationNotEmpty: {
    kind: "failedPrecondition",
    message: (p: { id: string }) => `Location ${p.id} has grants.`,
  },
  GrantExists: {
    kind: "alreadyExists",
    message: (p: { id: string }) => `Grant ${p.id} says the same.`,
  },
  GrantInvalid: { kind: "invalidInput", message: (p: { why: string }) => p.why },
  GrantNotFound: { kind: "notFound", message: (p: { id: string }) => `There is no grant ${p.id}.` },
  GrantLabelsInvalid: { kind: "invalidInput", message: (p: { why: string }) => p.why },
  DataAccessDenied: {
    kind: "permissionDenied",
    message: (p: { path: string }) => `No grant gives the caller what was asked of ${p.path}.`,
  },
  DurationInvalid: {
    kind: "invalidInput",
    message: (p: { min: number; max: number }) => `Keys last from ${p.min} to ${p.max} seconds.`,
  },
});
