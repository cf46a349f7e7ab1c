import { describe, expect, test } from "vitest";
import { toolEnvironment, type ToolParts } from "./client-variables.ts";

const PARTS: ToolParts = {
  endpoint: "http://127.0.0.1:4566",
  account: undefined,
  region: undefined,
  guard: "http://127.0.0.1:9",
  authorities: "/tmp/authorities.pem",
  providers: {},
  state: undefined,
};
const setBy = (inherited: Record<string, string>, parts: Partial<ToolParts> = {}) =>
  toolEnvironment(inherited, { ...PARTS, ...parts }).set;

describe("the environment of a run of Terraform", () => {
  test("points every AWS client at the engine and everything else at the guard", () => {
    expect(toolEnvironment({ HOME: "/home/ada" }, PARTS)).toEqual({
      set: {
        AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
        AWS_ACCESS_KEY_ID: "000000000000",
        AWS_SECRET_ACCESS_KEY: "cloudstacks",
        AWS_REGION: "us-east-1",
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CA_BUNDLE: "/tmp/authorities.pem",
        CLOUDSTACKS_ENDPOINT: "http://127.0.0.1:4566",
        HTTP_PROXY: "http://127.0.0.1:9",
        HTTPS_PROXY: "http://127.0.0.1:9",
        NO_PROXY: "127.0.0.1,localhost,::1",
        http_proxy: "http://127.0.0.1:9",
        https_proxy: "http://127.0.0.1:9",
        no_proxy: "127.0.0.1,localhost,::1",
      },
      removed: [],
    });
  });

  test("leaves out what would lead past the engine", () => {
    const astray = [
      "AWS_PROFILE",
      "AWS_SESSION_TOKEN",
      "AWS_ENDPOINT_URL_S3",
      "AWS_S3_ENDPOINT",
      "TF_AWS_DYNAMODB_ENDPOINT",
      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
      "AWS_USE_FIPS_ENDPOINT",
      "AWS_ROLE_ARN",
      "AWS_WEB_IDENTITY_TOKEN_FILE",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];
    const kept = ["PATH", "TF_LOG", "TF_VAR_stage", "AWS_MAX_ATTEMPTS", "AWS_ENDPOINT_URL", "AWS_REGION"];
    const inherited = Object.fromEntries([...astray, ...kept].map((name) => [name, "x"]));
    expect(toolEnvironment(inherited, PARTS).removed).toEqual(astray);
  });

  test("keeps the user's region, unless another is named, and never the user's account", () => {
    const inherited = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKIAREAL" };
    expect(setBy(inherited)).toMatchObject({ AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "000000000000" });
    expect(setBy({ AWS_DEFAULT_REGION: "eu-west-2" })).toMatchObject({ AWS_REGION: "eu-west-2" });
    expect(setBy(inherited, { region: "ap-south-1", account: "222222222222" })).toMatchObject({
      AWS_REGION: "ap-south-1",
      AWS_DEFAULT_REGION: "ap-south-1",
      AWS_ACCESS_KEY_ID: "222222222222",
    });
  });

  test("attaches the engine's providers beside the user's, which win", () => {
    const set = setBy({ TF_REATTACH_PROVIDERS: '{"a/a":1}' }, { providers: { "a/a": 2, "b/b": 2 } });
    expect(JSON.parse(set["TF_REATTACH_PROVIDERS"] ?? "")).toEqual({ "a/a": 1, "b/b": 2 });
  });

  test("says where an HTTP backend keeps the state, unless the user has", () => {
    const address = "http://127.0.0.1:4566/_cloudstack/terraform/states/shop/pro%20d";
    expect(setBy({}, { state: "shop/pro d", account: "222222222222" })).toMatchObject({
      TF_HTTP_ADDRESS: address,
      TF_HTTP_LOCK_ADDRESS: address,
      TF_HTTP_UNLOCK_ADDRESS: address,
      TF_HTTP_USERNAME: "222222222222",
    });
    expect(setBy({ TF_HTTP_ADDRESS: "http://mine" }, { state: "shop" })).not.toHaveProperty("TF_HTTP_ADDRESS");
  });
});
