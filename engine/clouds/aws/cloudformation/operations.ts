import { declarations } from "../../../services/declarations/service.ts";
import type { BoundOperations } from "../binding.ts";

/** No operation is answered yet; the types keep what they are declared with in `declarations`. */
export const bound: readonly BoundOperations[] = [{ service: declarations, rows: {} }];
