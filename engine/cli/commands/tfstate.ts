import type { OperationInput, OperationName, OperationOutput } from "../../services/manifest.ts";
import { terraformStates, type Lock } from "../../services/terraform-states/service.ts";
import { confirm } from "../confirm.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";
import { table } from "../text/table.ts";
import { timeText } from "../text/time.ts";
import { withSession } from "./with-session.ts";

type States = typeof terraformStates;

const ask = <N extends OperationName<States>>(
  options: SessionOptions,
  name: N,
  input: OperationInput<States, N>,
): Promise<OperationOutput<States, N>> =>
  withSession(options, (session) => session.call(terraformStates.name, name, input)) as never;

const holderText = ({ id, who, operation }: Lock): string =>
  [`locked by ${who ?? "somebody"}`, ...(operation === undefined ? [] : [operation]), id].join(", ");

export async function listStates(output: Output, options: SessionOptions): Promise<void> {
  const { states } = await ask(options, "listStates", {});
  output.answer({ states }, () =>
    states.length === 0
      ? 'There are no states. Terraform keeps its own here with `backend "http" {}` and `cloudstack terraform`.'
      : table(
          output.colors,
          ["state", "version", "bytes", "written (UTC)", ""],
          states.map(({ state, newest, lock }) => [
            state,
            newest ? String(newest.number) : "none",
            newest ? String(newest.sizeBytes) : "",
            newest ? timeText(newest.writtenAtMs) : "",
            lock ? holderText(lock) : "",
          ]),
        ),
  );
}

export async function listVersions(output: Output, options: SessionOptions, state: string): Promise<void> {
  const { versions, lock } = await ask(options, "listStateVersions", { state });
  output.answer({ state, versions, ...(lock && { lock }) }, () =>
    [
      table(
        output.colors,
        ["version", "bytes", "written (UTC)", "by", ""],
        versions.map(({ number, sizeBytes, writtenAtMs, writer, restoredFrom }) => [
          String(number),
          String(sizeBytes),
          timeText(writtenAtMs),
          writer?.who ?? "",
          restoredFrom === undefined ? "" : `the content of ${restoredFrom}`,
        ]),
      ),
      ...(lock ? [holderText(lock)] : []),
    ].join("\n"),
  );
}

/** Prints a state as it was written: it is JSON, whatever the format. */
export async function showState(
  output: Output,
  options: SessionOptions,
  { state, version }: { readonly state: string; readonly version?: number | undefined },
): Promise<void> {
  const wanted = { state, ...(version !== undefined && { number: version }) };
  const content = await withSession(options, (session) => session.read(terraformStates.name, "getState", wanted));
  output.document(content.toString());
}

/** Deletes a state with its versions, unless somebody holds its lock. */
export async function deleteState(
  output: Output,
  options: SessionOptions,
  { state, isConfirmed }: { readonly state: string; readonly isConfirmed: boolean },
): Promise<void> {
  await withSession(options, async (session) => {
    const { versions } = (await session.call(terraformStates.name, "listStateVersions", { state })) as OperationOutput<
      States,
      "listStateVersions"
    >;
    const question = `Delete the state ${state} with its ${versions.length} versions? What it tells of stays.`;
    if (!isConfirmed && !(await confirm(question))) return output.note("nothing was changed");
    await session.call(terraformStates.name, "deleteState", { state });
    output.answer({ state }, () => `deleted ${state}`);
  });
}

export async function rollbackState(
  output: Output,
  options: SessionOptions,
  { state, to }: { readonly state: string; readonly to: number },
): Promise<void> {
  const made = await ask(options, "rollbackState", { state, number: to });
  output.answer({ state, version: made }, () => `${state} has the content of version ${to}, as version ${made.number}`);
}

export async function unlockState(output: Output, options: SessionOptions, state: string): Promise<void> {
  const { broken } = await ask(options, "unlockState", { state });
  output.answer({ state, ...(broken && { broken }) }, () =>
    broken ? `${state} was ${holderText(broken)}; it is free now` : `${state} was not locked`,
  );
}
