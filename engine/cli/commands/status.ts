import { MAIN } from "../../gateway/forks/fork-facts.ts";
import type { Output } from "../output.ts";
import { openSession, type SessionOptions } from "../session.ts";
import { alignColumns } from "../text/table.ts";

/** What the engine is and holds, whether it serves or not. */
export async function status(output: Output, options: SessionOptions): Promise<void> {
  const session = await openSession(options);
  try {
    const facts = await session.run("status", {});
    const endpoint = session.endpoint ?? null;
    output.answer({ ...facts, endpoint }, () =>
      [
        `${output.colors.bold(`CloudStacks ${facts.version}`)}   ${endpoint ?? "no server on this data directory"}`,
        ...alignColumns(
          [
            ["store", facts.storage],
            ...(facts.fork === MAIN ? [] : [["fork", `${facts.fork} (cloudstack switch main goes back)`]]),
            ["scope", `account ${facts.account}, region ${facts.region}`],
            ["stacks", String(facts.stacks)],
            [
              "resources",
              Object.entries(facts.resources)
                .map(([type, count]) => `${count} ${type}`)
                .join(", ") || "none",
            ],
          ],
          "  ",
        ),
      ].join("\n"),
    );
  } finally {
    await session.close();
  }
}
