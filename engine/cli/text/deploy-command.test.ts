import { expect, test } from "vitest";
import { absoluteDirectory, DATA_DIRECTORY } from "../options.ts";
import { deployCommand } from "./deploy-command.ts";

const HERE = { dataDirectory: absoluteDirectory(DATA_DIRECTORY), store: "sqlite" };
const WEB = { what: ["web.yaml"], parameter: {} };

test("a plan of one place is not applied to another", () => {
  expect(deployCommand(WEB, {}, HERE)).toBe("cloudstack deploy web.yaml");
  const scope = { account: "111111111111", region: "eu-west-1" };
  const place = { ...HERE, dataDirectory: "/srv/my state", fork: "trial", ...scope };
  expect(deployCommand(WEB, {}, place)).toBe(
    "cloudstack deploy web.yaml --data-dir '/srv/my state' --fork trial --account 111111111111 --region eu-west-1",
  );
});

test("a stack of an app is named with the context that its plan was made with", () => {
  const shop = { what: ["my app", "shop"], parameter: {}, context: { stage: "prod" } };
  expect(deployCommand(shop, {}, HERE)).toBe("cloudstack deploy 'my app' shop --context stage=prod");
  expect(deployCommand({ ...shop, out: "shop.plan" }, {}, HERE)).toBe("cloudstack deploy shop.plan");
});

test("a saved plan knows its account and region", () => {
  const place = { ...HERE, account: "111111111111", region: "eu-west-1" };
  expect(deployCommand({ ...WEB, out: "web.plan" }, {}, place)).toBe("cloudstack deploy web.plan");
});

test("an address of a store is not told, for the password in it", () => {
  expect(deployCommand(WEB, {}, { ...HERE, store: "postgres://ada:secret@db/clouds" })).toBe(
    "cloudstack deploy web.yaml --store ...",
  );
});

test("what a shell would take apart is quoted", () => {
  expect(deployCommand({ ...WEB, parameter: { Motto: "it's fine" } }, {}, HERE)).toBe(
    "cloudstack deploy web.yaml --parameter 'Motto=it'\\''s fine'",
  );
});
