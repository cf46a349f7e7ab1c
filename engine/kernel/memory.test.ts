import { memoryStore } from "./memory.ts";
import { storeConformance } from "./store.conformance.ts";

storeConformance("memoryStore", async () => memoryStore());
