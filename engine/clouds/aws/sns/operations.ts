import { topics } from "../../../services/topics/service.ts";
import { bind } from "../binding.ts";
import type { SnsOperations } from "../../../models/aws/sns.generated.ts";
export const operations = bind<SnsOperations>()(topics, {});
