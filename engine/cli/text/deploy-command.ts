import type { Plan } from "../../stack/plan/plan.ts";
import type { PlanningOptions } from "../plan-options.ts";

/** A word as a POSIX shell takes it. */
const quoted = (text: string) => (/^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

type Request = PlanningOptions & { readonly file: string; readonly out?: string };

/** What applies the plan that was shown: the saved plan, or the same file with the same options. */
export function deployCommand(request: Request, plan: Pick<Plan, "secrets">): string {
  const { file, stack, envFile = [], parameters = [], parameter, target = [], refresh, out } = request;
  const imports = Object.entries(request.import ?? {});
  const tags = Object.entries(request.tag ?? {}).map(([name, value]) => `${name}=${value}`);
  const isSecret = (name: string) => plan.secrets?.names.includes(name) === true;
  const given = Object.entries(parameter).filter(([name]) => out === undefined || isSecret(name));
  const option = (name: string) => (value: string) => `${name} ${quoted(value)}`;
  const sources = [...envFile.map(option("--env-file")), ...parameters.map(option("--parameters"))];
  // Of a saved plan only the secrets are given again, wherever they come from.
  const needsSources = out === undefined || plan.secrets?.names.some((name) => parameter[name] === undefined);
  return [
    "cloudstack deploy",
    quoted(out ?? file),
    ...(out === undefined && stack !== undefined ? [option("--stack")(stack)] : []),
    ...(needsSources ? sources : []),
    ...given.map(([name, value]) =>
      isSecret(name) ? `--parameter ${name}=...` : option("--parameter")(`${name}=${value}`),
    ),
    ...(out === undefined ? target.map(option("--target")) : []),
    ...(out === undefined ? imports.map(([name, id]) => option("--import")(`${name}=${id}`)) : []),
    ...(out === undefined && request.tag ? (tags.length > 0 ? tags : [""]).map(option("--tag")) : []),
    ...(out === undefined && refresh === false ? ["--no-refresh"] : []),
  ].join(" ");
}
