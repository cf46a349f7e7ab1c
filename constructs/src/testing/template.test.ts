import { expect, test } from "vitest";
import { App, Match, Output, Resource, Stack, Template } from "../index.ts";

function template(): Template {
  const stack = new Stack(new App(), "shop");
  const jobs = new Resource(stack, "Jobs", {
    type: "Queue",
    properties: { Name: "jobs", VisibilityTimeout: 30, Labels: { team: "shop", tier: "back" } },
  });
  new Output(stack, "Queue", { value: jobs.ref });
  return Template.fromStack(stack);
}

test("a resource has at least what is expected of it", () => {
  template().hasResource("Queue");
  template().hasResource("Queue", { Labels: { team: "shop" } });
  template().hasResource("Queue", { Name: Match.textLike("^jo"), Fifo: Match.absent(), Labels: Match.anyValue() });
  expect(() => template().hasResource("Topic")).toThrow("no Topic in the template, which has: Queue");
  expect(() => template().hasResource("Queue", { VisibilityTimeout: 60 })).toThrow(
    "no Queue as expected\n  Jobs: VisibilityTimeout is 30, expected 60",
  );
  expect(() => template().hasResource("Queue", { Labels: { tier: Match.absent() } })).toThrow(
    'Labels.tier is "back", expected nothing',
  );
});

test("resources are counted, outputs named", () => {
  template().resourceCountIs("Queue", 1);
  template().hasOutput("Queue", { Ref: "Jobs" });
  expect(() => template().resourceCountIs("Queue", 2)).toThrow("1 of Queue, expected 2: Jobs");
  expect(() => template().hasOutput("Url")).toThrow('no output "Url", there is: Queue');
  expect(() => template().hasOutput("Queue", "jobs")).toThrow('Queue is {"Ref":"Jobs"}, expected "jobs"');
});
