import { records, subspace } from "../../kernel/subspace.ts";
import type { Store, Transaction } from "../../kernel/store.ts";
import type { Clock } from "../../platform/clock.ts";
import { seededRandom, type Random } from "../../platform/random.ts";
import { ServiceError } from "../../services/errors.ts";
import type { OperationCall } from "../../services/operation-call.ts";
import type { Disturbance, Passage } from "../../services/passage.ts";
import { engineEvents, recordEngineEvent, trimEngineEvents, type ChaosEvent } from "../engine-events.ts";
import { checkedRule } from "./checked-rule.ts";
import { disturbanceOf, isAbout, isSpent, ruleText, type ChaosRule, type RuleInput } from "./rule.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Rules by which operations fail, so that what a system does then can be tried. */
export interface Chaos {
  /**
   * Adds a rule; it holds when this resolves.
   * Errors: `InvalidChaosRule` with what was probably meant
   */
  add(rule: RuleInput): Promise<ChaosRule>;
  list(): Promise<readonly ChaosRule[]>;
  /** Errors: `NoSuchChaosRule` */
  remove(id: string): Promise<ChaosRule>;
  /** Removes every rule; gives how many there were. */
  clear(): Promise<number>;
  /** What was done to the rules and what they did, the oldest first. */
  events(): Promise<readonly ChaosEvent[]>;
}

export interface ChaosParts {
  readonly store: Store;
  readonly passage: Passage;
  /** The machine's: rules outlive every move of the engine's. */
  readonly clock: Clock;
  readonly random: Random;
  readonly vocabulary: () => Vocabulary;
}

const RULES_MAX = 1000;
/** So often the log of events is looked at, whether it has grown too long. */
const TRIM_EVERY = 256;

const ruleSpace = subspace<[number: number]>("engine", "chaos");
const ruleRecords = records<ChaosRule, [number: number]>(ruleSpace);
/** The number of the last rule: numbers are not used again. */
const lastSpace = subspace<[]>("engine", "chaos-last");

/** `load` takes over what the store says: at the start, and when another engine has changed it. */
export function createChaos(parts: ChaosParts): Chaos & { load(): Promise<void> } {
  return new StoredChaos(parts);
}

class StoredChaos implements Chaos {
  private readonly parts: ChaosParts;
  private active: readonly ChaosRule[] = [];
  private disturbances = 0;

  constructor(parts: ChaosParts) {
    this.parts = parts;
  }

  async load(): Promise<void> {
    this.active = (await this.list()).filter((rule) => !isSpent(rule));
    const { mayDisturb, decide } = this;
    // With no rule in force no operation looks further than whether there is somebody to ask.
    this.parts.passage.disturbBy(this.active.length > 0 ? { mayDisturb, decide } : undefined);
  }

  async add(input: RuleInput): Promise<ChaosRule> {
    const { store, clock, random } = this.parts;
    const checked = checkedRule(input, this.parts.vocabulary());
    const isDrawn = checked.probability !== undefined && checked.seed === undefined;
    const seed = isDrawn ? { seed: random.bytes(4).readUInt32BE() } : {};
    const rule = await store.transact(async (tx) => {
      const { length } = await ruleRecords.page(tx, [], { limit: RULES_MAX });
      if (length === RULES_MAX)
        throw new ServiceError("TooManyChaosRules", "limitExceeded", `There are ${length} rules; remove some first.`);
      const number = ((await tx.get<number>(lastSpace.key())) ?? 0) + 1;
      const atMs = clock.nowMs();
      const made: ChaosRule = { ...checked, ...seed, id: String(number), createdAtMs: atMs, seen: 0, disturbed: 0 };
      tx.set(lastSpace.key(), number);
      ruleRecords.put(tx, made, number);
      recordEngineEvent(tx, { about: "chaos", what: "added", atMs, rule: made.id, text: ruleText(made) });
      return made;
    });
    await this.load();
    return rule;
  }

  list(): Promise<readonly ChaosRule[]> {
    return this.parts.store.read((tx) => ruleRecords.page(tx, [], { limit: RULES_MAX }));
  }

  async remove(id: string): Promise<ChaosRule> {
    const rule = await this.parts.store.transact(async (tx) => {
      const found = /^\d+$/.test(id) ? await ruleRecords.get(tx, Number(id)) : undefined;
      if (!found) throw new ServiceError("NoSuchChaosRule", "notFound", `There is no rule ${id} of chaos.`);
      this.removeIn(tx, found);
      return found;
    });
    await this.load();
    return rule;
  }

  async clear(): Promise<number> {
    const count = await this.parts.store.transact(async (tx) => {
      const rules = await ruleRecords.page(tx, [], { limit: RULES_MAX });
      for (const rule of rules) this.removeIn(tx, rule);
      return rules.length;
    });
    await this.load();
    return count;
  }

  events(): Promise<readonly ChaosEvent[]> {
    return this.parts.store.read((tx) => engineEvents(tx, "chaos"));
  }

  private removeIn(tx: Transaction, rule: ChaosRule): void {
    const atMs = this.parts.clock.nowMs();
    ruleRecords.remove(tx, Number(rule.id));
    recordEngineEvent(tx, { about: "chaos", what: "removed", atMs, rule: rule.id, text: ruleText(rule) });
  }

  private readonly mayDisturb = (call: OperationCall): boolean => this.active.some((rule) => isAbout(rule, call));

  /** The first rule that disturbs a call is the only one; those before it have seen it, too. */
  private readonly decide = async (call: OperationCall): Promise<Disturbance | undefined> => {
    const { store, clock } = this.parts;
    const decided = await store.transact(async (tx) => {
      for (const rule of await ruleRecords.page(tx, [], { limit: RULES_MAX })) {
        if (isSpent(rule) || !isAbout(rule, call)) continue;
        const isDisturbing = disturbs(rule);
        const after = { ...rule, seen: rule.seen + 1, disturbed: rule.disturbed + (isDisturbing ? 1 : 0) };
        ruleRecords.put(tx, after, Number(rule.id));
        if (!isDisturbing) continue;
        const { id } = rule;
        const atMs = clock.nowMs();
        recordEngineEvent(tx, { about: "chaos", what: "disturbed", atMs, rule: id, text: ruleText(rule), call });
        return after;
      }
      return undefined;
    });
    if (decided && isSpent(decided)) await this.load();
    if (decided && (this.disturbances += 1) % TRIM_EVERY === 0) await trimEngineEvents(store, "chaos");
    return decided && disturbanceOf(decided);
  };
}

const U32_RANGE = 2 ** 32;

/** Whether it disturbs the next call that it is about: by its seed and how many came before, whoever asks. */
function disturbs({ skip = 0, probability, seed = 0, seen }: ChaosRule): boolean {
  if (seen < skip) return false;
  if (probability === undefined) return true;
  const draw = seededRandom((seed + Math.imul(seen, 0x9e3779b1)) >>> 0).bytes(4).readUInt32BE();
  return draw / U32_RANGE < probability;
}
