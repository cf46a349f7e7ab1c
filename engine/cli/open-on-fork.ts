import { openEngine } from "../compose.ts";
import type { Engine } from "../gateway/engine.ts";
import { MAIN } from "../gateway/forks/fork-facts.ts";

type Opening = Parameters<typeof openEngine>[0] & { readonly fork?: string | undefined };

/**
 * Opens a store here, and the engine of one of its forks; `main` when none is named.
 * Shape: `base` is what is closed in the end, and closes the fork's engine with it
 * Errors: what `openEngine` refuses; `fork.notFound`, with the store closed again
 */
export async function openOnFork({ fork = MAIN, ...options }: Opening): Promise<{ base: Engine; engine: Engine }> {
  const base = await openEngine(options);
  try {
    return { base, engine: await base.forks.engineOf(fork) };
  } catch (problem) {
    await base.close();
    throw problem;
  }
}
