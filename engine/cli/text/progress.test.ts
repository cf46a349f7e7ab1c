import { describe, expect, test } from "vitest";
import picocolors from "picocolors";
import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { Plan } from "../../stack/plan/plan.ts";
import { createProgress, elapsedText } from "./progress.ts";

const plain = picocolors.createColors(false);

describe("the progress of a deployment", () => {
  const plan = {
    file: "web.yaml",
    changes: [
      { logicalId: "Net", type: "VPC", range: { line: 2 } },
      { logicalId: "Front", type: "Subnet", range: { line: 8 } },
    ],
  } as unknown as Plan;
  const told = (events: readonly Partial<StackEvent>[]): string[] => {
    const lines: string[] = [];
    const progress = createProgress(plain, plan, (line) => lines.push(line));
    for (const event of events)
      progress.show({ version: 1, stack: "web", deploymentId: "d-1", atMs: 0, ...event } as StackEvent);
    return lines;
  };

  test("is one line a step, with how long it took", () => {
    expect(
      told([
        { status: "started" },
        { status: "begun", logicalId: "Net", type: "VPC", action: "create", atMs: 10 },
        { status: "done", logicalId: "Net", type: "VPC", action: "create", beganAtMs: 10, atMs: 13 },
      ]),
    ).toEqual(["  + VPC    Net   created   3 ms"]);
  });

  test("of one that fails tells why, where, and what is undone", () => {
    const cause = { logicalId: "Front", code: "SubnetOverlaps", message: "10.0.0.0/24 overlaps." };
    expect(
      told([
        { status: "done", logicalId: "Net", type: "VPC", action: "create" },
        { status: "failed", logicalId: "Front", type: "Subnet", action: "create", cause },
        { status: "rolling-back", cause },
        { status: "undone", logicalId: "Net", type: "VPC" },
      ]),
    ).toEqual([
      "  + VPC    Net   created",
      "  + Subnet Front failed    SubnetOverlaps: 10.0.0.0/24 overlaps.  web.yaml:8",
      "rolling back 1 change",
      "  - VPC    Net   undone",
    ]);
  });

  test("of one that is tried again, given up or waits says so, and of one that takes long how long", () => {
    const cause = { logicalId: "Net", code: "Busy", message: "Too busy." };
    const lines: string[] = [];
    const progress = createProgress(plain, plan, (line) => lines.push(line));
    const event = { version: 1, stack: "web", deploymentId: "d-1", atMs: 0 } as const;
    progress.show({ ...event, status: "waiting", cause: { code: "Locked", message: "somebody is deploying web" } });
    progress.show({ ...event, status: "begun", logicalId: "Net", type: "VPC", action: "create" });
    progress.show({ ...event, status: "retrying", logicalId: "Net", type: "VPC", action: "create", cause });
    progress.tick(4000);
    progress.tick(12_000);
    progress.show({ ...event, status: "undo-skipped", logicalId: "Net", type: "VPC", id: "vpc-1" });
    progress.tick(30_000);
    expect(lines).toEqual([
      "waiting: somebody is deploying web",
      "  + VPC    Net   retrying  Busy: Too busy.  web.yaml:2",
      "  + VPC    Net   creating  12.0 s",
      "  ^ VPC    Net   skipped   vpc-1",
    ]);
  });

  test("names a time in the unit that people would use", () => {
    expect([5, 1500, 90_000, 180_000, 7_200_000].map(elapsedText)).toEqual([
      "5 ms",
      "1.5 s",
      "90.0 s",
      "3 minutes",
      "2 hours",
    ]);
  });
});
