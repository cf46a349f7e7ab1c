import { cidrBlocks } from "../../stack/expressions/functions/cidr.ts";
import { ctyList, ctyObject } from "../../protocols/terraform/cty-type.ts";
import type { CtyValue } from "../../protocols/terraform/cty-value.ts";
import { ArgumentRefused, type ProviderFunction } from "../../protocols/terraform/provider.ts";

const ARN_PARTS = ["partition", "service", "region", "account", "resource"] as const;
const ARN_TYPE = ctyObject(Object.fromEntries(ARN_PARTS.map((part) => [part, "string"])));
const HOST_BITS_DEFAULT = 8;
const HOST_BITS_ARGUMENT = 2;

/** Functions that configurations call as `provider::cloudstacks::NAME`. */
export const FUNCTIONS: Readonly<Record<string, ProviderFunction>> = {
  cidr: {
    schema: {
      summary: "The first ranges of addresses out of a larger one, as Fn::Cidr of templates gives them.",
      parameters: [
        { name: "range", type: "string", description: "10.0.0.0/16 or 2001:db8::/56" },
        { name: "count", type: "number", description: "How many, 1 to 256." },
      ],
      variadic: { name: "host_bits", type: "number", description: "Bits left for hosts in each; 8 when omitted." },
      returns: ctyList("string"),
    },
    call([range, count, hostBits = HOST_BITS_DEFAULT, ...more]) {
      if (more.length > 0) throw new ArgumentRefused(HOST_BITS_ARGUMENT + 1, "cidr takes at most three arguments.");
      const found = cidrBlocks(range, Number(count), Number(hostBits));
      if (!("code" in found)) return [...found];
      throw new ArgumentRefused(found.code === "CS1102" ? 0 : 1, found.message.replace("Fn::Cidr", "cidr"));
    },
  },
  arn_parse: {
    schema: {
      summary: "The parts of an ARN.",
      parameters: [{ name: "arn", type: "string", description: "arn:partition:service:region:account:resource" }],
      returns: ARN_TYPE,
    },
    call([arn]) {
      const [head, ...parts] = String(arn).split(":");
      if (head !== "arn" || parts.length < ARN_PARTS.length) {
        const message = `"${String(arn)}" is no ARN: it has the form arn:partition:service:region:account:resource.`;
        throw new ArgumentRefused(0, message);
      }
      // A resource may have colons of its own.
      const resource = parts.slice(ARN_PARTS.length - 1).join(":");
      return Object.fromEntries(
        ARN_PARTS.map((part, i): [string, CtyValue] => [part, part === "resource" ? resource : (parts[i] ?? "")]),
      );
    },
  },
  arn_build: {
    schema: {
      summary: "An ARN from its parts.",
      parameters: ARN_PARTS.map((name) => ({ name, type: "string" })),
      returns: "string",
    },
    call(parts) {
      const wrong = parts.findIndex((part, i) => i < ARN_PARTS.length - 1 && String(part).includes(":"));
      if (wrong >= 0) throw new ArgumentRefused(wrong, `The ${ARN_PARTS[wrong]} of an ARN has no colon.`);
      return ["arn", ...parts].join(":");
    },
  },
};
