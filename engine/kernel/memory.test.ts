import { memoryStore } from "./memory.ts";
import { modelConformance } from "./store-model.conformance.ts";
import { storeConformance } from "./store.conformance.ts";

storeConformance("memoryStore", async () => memoryStore());
modelConformance("memoryStore", async () => memoryStore(), 300);
