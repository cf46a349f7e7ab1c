import { withAttempts, beforeLimit, timeLimit } from "../../stack/apply/attempts.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { LiveState } from "../../stack/plan/live-state.ts";
import { transactPassing, type Pass } from "../../services/passing.ts";
import { ServiceError } from "../../services/errors.ts";
import { resourceErrors } from "../../services/resource-errors.ts";
import type { CtyObject } from "../../protocols/terraform/cty-value.ts";
import type { HeldState, ResourceChange } from "../../protocols/terraform/provider.ts";
import type { Values } from "./form.ts";
import { ID, type Mapping } from "./mapping.ts";
import { memoryOf, memoryOfImport, readMemory, withoutSecrets, writeMemory } from "./memory.ts";
import { changesOf } from "./plan-resource.ts";
import { contextOf, type ProviderSession } from "./session.ts";
import { appliedCty, liveCty } from "./shown-state.ts";
import { checkedConfig, isRefused, refusal } from "./told.ts";
import { madeBefore, noteAnswered, noteMade } from "./unanswered.ts";

export type Application = ResourceChange & { readonly planned: CtyObject | null };

/** Does what was planned, in one transaction: it has happened as a whole when Terraform hears of it, or not at all. */
export async function applyResource(
  session: ProviderSession,
  mapping: Mapping,
  application: Application,
): Promise<HeldState> {
  const { prior, planned, config } = application;
  const { name } = mapping;
  const asBefore = { state: prior, private: application.private };
  try {
    if (!planned) {
      await remove(session, mapping, String(prior?.[ID] ?? ""));
      return { state: null };
    }
    const { desired, diagnostics } = checkedConfig(mapping, config ?? {});
    if (isRefused(diagnostics)) return { ...asBefore, diagnostics };
    const live = prior
      ? await update(session, mapping, desired, application)
      : await create(session, mapping, desired);
    return {
      state: appliedCty(mapping, planned, live),
      private: writeMemory(memoryOf(mapping, desired, live)),
      ...(!prior && { onAnswered: () => noteAnswered(session, mapping, live.id) }),
    };
  } catch (problem) {
    const what = `${name} could not be ${planned ? (prior ? "updated" : "created") : "deleted"}`;
    return { ...asBefore, diagnostics: refusal(mapping, what, problem) };
  }
}

async function create(session: ProviderSession, mapping: Mapping, desired: Values): Promise<LiveState> {
  const declared = withoutSecrets(mapping, desired);
  try {
    return await transact(session, mapping, async (tx, pass) => {
      const made = (await mapping.type.handlers.create(tx, desired, contextOf(session, mapping, pass))) as LiveState;
      noteMade(tx, session, mapping, { id: made.id, declared });
      return made;
    });
  } catch (problem) {
    if (!(problem instanceof ServiceError && problem.kind === "alreadyExists")) throw problem;
    const made = await madeBefore(session, mapping, declared);
    if (!made) throw problem;
    return made;
  }
}

async function remove(session: ProviderSession, mapping: Mapping, id: string): Promise<void> {
  await transact(session, mapping, (tx, pass) =>
    mapping.type.handlers.delete(tx, id, contextOf(session, mapping, pass)),
  );
  await noteAnswered(session, mapping, id);
}

function update(
  session: ProviderSession,
  mapping: Mapping,
  desired: Values,
  application: Application,
): Promise<LiveState> {
  const { type } = mapping;
  const id = String(application.prior?.[ID] ?? "");
  return transact(session, mapping, async (tx, pass) => {
    const ctx = contextOf(session, mapping, pass);
    const current = (await type.handlers.read(tx, id, ctx)) as LiveState | undefined;
    if (!current) throw resourceErrors.ResourceNotFound({ type: type.name, id });
    const memory = readMemory(application.private) ?? memoryOfImport(current);
    const { differences, restored, resent } = changesOf(mapping, desired, memory, application);
    if (differences.length === 0 && resent.length === 0) return current;
    const wanted = { ...desired, ...restored };
    return (await type.handlers.update(tx, id, wanted, memory.declared, ctx)) as LiveState;
  });
}

/** One step: again and again while its failure is of the kind that passes, until Terraform is interrupted. */
function transact<T>(
  session: ProviderSession,
  { type }: Mapping,
  run: (tx: Transaction, pass: Pass | undefined) => Promise<T>,
): Promise<T> {
  const { clock } = session.engine;
  const limit = timeLimit(clock, type.timeoutMs);
  const once = () => transactPassing(session.engine, (tx, pass) => beforeLimit(clock, limit, () => run(tx, pass)));
  return withAttempts(once, {
    clock,
    limit,
    signal: session.stopping.signal,
    onRetry: () => Promise.resolve(),
  });
}

/** A resource that is there already, as it is. */
export const heldAsItIs = (mapping: Mapping, live: LiveState): HeldState => ({
  state: liveCty(mapping, live),
  private: writeMemory(memoryOfImport(live)),
});
