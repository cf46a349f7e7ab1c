import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { openSession, type Session, type SessionOptions } from "../session.ts";
import { outputsText } from "../text/outputs.ts";
import { table } from "../text/table.ts";
import { timeText } from "../text/time.ts";

async function asked<T>(options: SessionOptions, ask: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(options);
  try {
    return await ask(session);
  } finally {
    await session.close();
  }
}

export async function listStacks(output: Output, options: SessionOptions): Promise<void> {
  const answer = await asked(options, (session) => session.run("stacks", {}));
  output.answer(answer, () =>
    answer.stacks.length === 0
      ? "There are no stacks. Make one: cloudstack deploy templates/web.yaml"
      : table(
          output.colors,
          ["stack", "serial", "status", "updated (UTC)", "", ""],
          answer.stacks.flatMap((stack) => [
            [
              stack.name,
              String(stack.serial),
              stack.status,
              timeText(stack.updatedAtMs),
              stack.isProtected ? "protected" : "",
              stack.cause ? `${stack.cause.code}: ${stack.cause.message}` : "",
            ],
            ...stack.nested.map((each) => [`  ${each.logicalId}`, "", "nested", each.template, "", ""]),
          ]),
        ),
  );
}

export async function outputs(output: Output, options: SessionOptions, stack: string): Promise<void> {
  const answer = await asked(options, (session) => session.run("outputs", { stack }));
  if (answer.outputs === undefined)
    throw new Failure(`There is no stack "${stack}".`, ["cloudstack stacks lists them."]);
  const found = answer.outputs;
  const values = Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]));
  output.answer(values, () =>
    Object.keys(found).length === 0 ? `${stack} has no outputs` : outputsText(found).join("\n"),
  );
}

export async function resources(output: Output, options: SessionOptions, type: string | undefined): Promise<void> {
  const answer = await asked(options, (session) => session.run("resources", { ...(type !== undefined && { type }) }));
  output.answer(answer, () =>
    answer.resources.length === 0
      ? "There is nothing."
      : table(
          output.colors,
          ["type", "also", "id"],
          answer.resources.map(({ type: name, alsoCalled, id }) => [name, alsoCalled?.join(", ") ?? "", id]),
        ),
  );
}
