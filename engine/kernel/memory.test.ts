import { forkConformance, forkModelConformance } from "./fork.conformance.ts";
import { memoryStore } from "./memory.ts";
import { modelConformance } from "./store-model.conformance.ts";
import { storeConformance } from "./store.conformance.ts";

const open = async () => memoryStore();
const fork = async () => (await open()).fork();

storeConformance("memoryStore", open);
modelConformance("memoryStore", open, 300);
forkConformance("memoryStore", open);
forkModelConformance("memoryStore", open, 100);

storeConformance("a fork of memoryStore", fork);
modelConformance("a fork of memoryStore", fork, 100);
forkConformance("a fork of memoryStore", fork);
forkModelConformance("a fork of memoryStore", fork, 30);
