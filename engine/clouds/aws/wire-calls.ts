import type { Reader } from "../../kernel/store.ts";
import { invariant } from "../../platform/invariant.ts";
import { AwsFailure } from "../../protocols/aws/codec.ts";
import type { OperationContext } from "../../services/context.ts";
import { ServiceError, type ErrorKind } from "../../services/errors.ts";
import { operationCall } from "./operation-call.ts";
import type { BoundOperations, WireCall } from "./binding.ts";

/** Where clients find the engine unless they are told otherwise: what URLs in a stack's values begin with. */
const ENDPOINT_DEFAULT = "http://127.0.0.1:4566";

/** Calls one service's wire operations by name, each as a client would, within one transaction. */
export type WireCalls<O> = <Name extends keyof O & string>(
  operation: Name,
  input: O[Name] extends { input: infer Input } ? Input : never,
) => Promise<O[Name] extends { output: infer Output } ? Output : never>;

/**
 * What CloudFormation's types are made of: the same bindings that answer clients, on the transaction of the step.
 * Errors: the service's own; a request that a binding refuses is a `ServiceError` with the wire's code
 */
export function wireCalls<O>(model: string, bound: readonly BoundOperations[]) {
  const rows = new Map(
    bound.flatMap(({ service, rows: each }) => Object.entries(each).map(([name, row]) => [name, { service, row }])),
  );
  return (tx: Reader, ctx: OperationContext<never>): WireCalls<O> => {
    const call = async (operation: string, input: object): Promise<unknown> => {
      const found = rows.get(operation);
      invariant(found, `${operation} is bound`);
      const { service, row } = found;
      const wire = wireCall(ctx, operation);
      ctx.pass?.(operationCall(model, operation, input, ctx));
      const run = service.operations[row.to];
      invariant(run, `${service.name} has ${row.to}, which ${operation} is bound to`);
      const result = await run.run(tx as never, translated(() => row.in(input, wire)), ctx);
      return row.out(result, input, wire);
    };
    return call as WireCalls<O>;
  };
}

/** What is not there as undefined, whatever its service calls that. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ServiceError && error.kind === "notFound") return undefined;
    throw error;
  }
}

function wireCall({ account, region, caller, requestId }: OperationContext<never>, operation: string): WireCall {
  const request = {
    method: "POST",
    path: "/",
    query: "",
    headers: {},
    body: Buffer.alloc(0),
    isSecure: false,
    host: new URL(ENDPOINT_DEFAULT).host,
    requestId,
  };
  return { account, region, caller, requestId, request, endpoint: ENDPOINT_DEFAULT, operation };
}

const KINDS: Readonly<Record<number, ErrorKind>> = {
  403: "permissionDenied",
  404: "notFound",
  409: "conflict",
  501: "unimplemented",
};

function translated<T>(translate: () => T): T {
  try {
    return translate();
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const { code, message, status } = error.failure;
    throw new ServiceError(code, KINDS[status] ?? "invalidInput", message ?? code, {}, error);
  }
}
