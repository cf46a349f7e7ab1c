import type { Finished } from "./cloudstack.ts";

/** The whole of what was printed, where what differs from run to run has names instead. */
export const printed = ({ out, err, code }: Finished): string =>
  `${out}${err}exit ${code}\n`
    .replaceAll(/\b(d-)[0-9a-f]{12}\b/g, "$1<deployment>")
    .replaceAll(/\b(vpc|subnet|vol|i)-0[0-9a-f]{16}\b/g, "$1-<id>")
    .replaceAll(/-[0-9A-Z]{12}\b/g, "-<RANDOM>")
    .replaceAll(/\b\d+(\.\d+)? (ms|s)\b/g, "<time>")
    .replaceAll(/(<time>|took) +/g, "$1  ")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "<date>")
    .replaceAll(/ +plan of serial/g, "   plan of serial");
