import type { Reader, Transaction } from "../kernel/store.ts";
import { readPassing, transactPassing, type Pass } from "../services/passing.ts";
import type { StackParts } from "./apply/deployment.ts";

const withPass = (parts: StackParts, pass: Pass | undefined): StackParts => (pass ? { ...parts, pass } : parts);

/** A transaction whose handlers' operations pass the gate: what it is given instead of `parts` makes their contexts. */
export const transactWatched = <T>(
  parts: StackParts,
  run: (tx: Transaction, parts: StackParts) => Promise<T>,
): Promise<T> => transactPassing(parts, (tx, pass) => run(tx, withPass(parts, pass)));

/** The same for what only reads. */
export const readWatched = <T>(parts: StackParts, run: (tx: Reader, parts: StackParts) => Promise<T>): Promise<T> =>
  readPassing(parts, (tx, pass) => run(tx, withPass(parts, pass)));
