import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** Amazon DynamoDB Streams on the tables service. */
export const dynamodbstreams = awsService({
  model: "dynamodbstreams",
  bound: [operations],
  wireErrors,
  resources,
  refusesUnknownEnumValues: true,
});
