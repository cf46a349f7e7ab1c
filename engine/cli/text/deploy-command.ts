import type { Plan } from "../../stack/plan/plan.ts";
import type { PlanningOptions } from "../plan-options.ts";
import { absoluteDirectory, DATA_DIRECTORY } from "../options.ts";
import type { SessionOptions } from "../session.ts";
import { shellWord } from "./shell-word.ts";

const option = (name: string) => (value: string) => `${name} ${shellWord(value)}`;

type Request = PlanningOptions & {
  /** A template, or an app's folder and its stack. */
  readonly what: readonly string[];
  readonly context?: Readonly<Record<string, string>> | undefined;
  readonly out?: string;
};
type Place = Pick<SessionOptions, "dataDirectory" | "store" | "fork" | "account" | "region">;

/** What applies the plan that was shown: the saved plan, or the same subject with the same options and place. */
export function deployCommand(request: Request, plan: Pick<Plan, "secrets">, place: Place): string {
  const { what, context = {}, stack, envFile = [], parameters = [], parameter, target = [], refresh, out } = request;
  const imports = Object.entries(request.import ?? {});
  const tags = Object.entries(request.tag ?? {}).map(([name, value]) => `${name}=${value}`);
  const contexts = Object.entries(context).map(([name, value]) => `${name}=${value}`);
  const isSecret = (name: string) => plan.secrets?.names.includes(name) === true;
  const given = Object.entries(parameter).filter(([name]) => out === undefined || isSecret(name));
  const sources = [...envFile.map(option("--env-file")), ...parameters.map(option("--parameters"))];
  // Of a saved plan only the secrets are given again, wherever they come from.
  const needsSources = out === undefined || plan.secrets?.names.some((name) => parameter[name] === undefined);
  return [
    "cloudstack deploy",
    ...(out === undefined ? what : [out]).map(shellWord),
    ...(out === undefined ? contexts.map(option("--context")) : []),
    ...(out === undefined && stack !== undefined ? [option("--stack")(stack)] : []),
    ...(needsSources ? sources : []),
    ...given.map(([name, value]) =>
      isSecret(name) ? `--parameter ${name}=...` : option("--parameter")(`${name}=${value}`),
    ),
    ...(out === undefined ? target.map(option("--target")) : []),
    ...(out === undefined ? imports.map(([name, id]) => option("--import")(`${name}=${id}`)) : []),
    ...(out === undefined && request.tag ? (tags.length > 0 ? tags : [""]).map(option("--tag")) : []),
    ...(out === undefined && refresh === false ? ["--no-refresh"] : []),
    ...placeOptions(place, out !== undefined),
  ].join(" ");
}

/** A saved plan tells by itself which account and region it is for. */
function placeOptions({ dataDirectory, store, fork, account, region }: Place, isSaved: boolean): string[] {
  return [
    ...(dataDirectory === absoluteDirectory(DATA_DIRECTORY) ? [] : [option("--data-dir")(dataDirectory)]),
    // An address may hold a password.
    ...(store === "sqlite" ? [] : [store === "memory" ? "--store memory" : "--store ..."]),
    ...(fork === undefined ? [] : [option("--fork")(fork)]),
    ...(isSaved || account === undefined ? [] : [option("--account")(account)]),
    ...(isSaved || region === undefined ? [] : [option("--region")(region)]),
  ];
}
