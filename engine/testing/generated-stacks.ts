import { machines } from "../services/machines/service.ts";
import type { Service } from "../services/manifest.ts";
import { networks } from "../services/networks/service.ts";
import { objects } from "../services/objects/service.ts";
import { queues } from "../services/queues/service.ts";
import { tables } from "../services/tables/service.ts";
import { volumes } from "../services/volumes/service.ts";
import { thingsService } from "./stack-things.ts";

/** The services whose types generated stacks are made of. */
export const GENERATED_SERVICES: readonly Service[] = [
  thingsService(),
  networks,
  machines,
  volumes,
  objects,
  queues,
  tables,
];
