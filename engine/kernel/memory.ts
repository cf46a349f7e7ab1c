import { MemoryBackend } from "./memory-backend.ts";
import { OptimisticStore } from "./optimistic.ts";

/** A store that lives as long as the process: for tests, and for engines whose state need not survive. */
export function memoryStore(): OptimisticStore {
  return new OptimisticStore(new MemoryBackend());
}
