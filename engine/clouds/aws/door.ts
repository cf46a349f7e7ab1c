import { loadAwsModel } from "../../protocols/aws/load-model.ts";
import type { FailureForm } from "../../protocols/aws/codec.ts";
import { isPostForm, readPostForm } from "../../protocols/aws/post-form/post-form.ts";
import { statusesByCode } from "../../protocols/aws/failure-forms.ts";
import type { CloudDoor, WireRequest, WireResponse } from "../../protocols/wire.ts";
import type { AwsService } from "./binding.ts";
import { createOperations, type AwsDoorParts } from "./operations.ts";

/** Every AWS API: operations of the models, S3's forms, and what services answer besides. */
export function createAwsDoor(parts: AwsDoorParts): CloudDoor {
  const operations = createOperations(parts);
  const manifests = new Map(parts.services.map((manifest) => [manifest.model, manifest]));
  const withMore = parts.services.filter(({ besides }) => besides !== undefined);

  const handlePosted = async (request: WireRequest): Promise<WireResponse> => {
    try {
      const posted = await readPostForm(request, parts.clock.base.nowMs(), parts.secretKey);
      return posted.respond(await operations.answer(posted.request));
    } catch (problem) {
      const form: FailureForm = { protocol: "rest-xml", model: loadAwsModel("s3") };
      return operations.fail(problem, form, request, "s3.PutObject");
    }
  };

  /** What is no operation of any model, by the service that knows it. */
  const answerBesides = async ({ model, besides }: AwsService, request: WireRequest): Promise<WireResponse> => {
    try {
      if (!besides) throw new Error(`${model} has nothing besides its operations.`);
      return { operation: `${model}.besides`, ...(await besides.answer(request, parts.calls, operations.answer)) };
    } catch (problem) {
      const form: FailureForm = { protocol: "rest-xml", model: loadAwsModel(model) };
      return operations.fail(problem, form, request, `${model}.besides`);
    }
  };

  const showOrigin = async (request: WireRequest, response: WireResponse): Promise<WireResponse> => {
    const model = response.operation?.split(".")[0];
    await manifests.get(model ?? "")?.allowOrigin?.(request, response, parts.calls);
    return response;
  };

  const observers = parts.services.flatMap(({ observer }) => (observer ? [observer(parts)] : []));
  const observed = (request: WireRequest): Promise<WireResponse> => {
    let answered: Promise<WireResponse> | undefined;
    for (const observer of observers) {
      const hear = observer(request);
      if (!hear) continue;
      answered = (answered ?? answer(request)).then(async (response) => {
        await hear(response);
        return response;
      });
    }
    return answered ?? answer(request);
  };

  const answer = (request: WireRequest): Promise<WireResponse> => {
    for (const manifest of withMore) if (manifest.besides?.claims(request)) return answerBesides(manifest, request);
    const answered = isPostForm(request) ? handlePosted(request) : operations.answer(request);
    return request.headers.origin === undefined
      ? answered
      : answered.then((response) => showOrigin(request, response));
  };

  return {
    name: "aws",
    services: [...manifests.keys()],
    operationsOf: (service) => [...(loadAwsModel(service)?.operations.keys() ?? [])],
    errorsOf(service) {
      const model = loadAwsModel(service);
      return model ? statusesByCode(model) : new Map();
    },
    // The first cloud of the engine: what no other cloud's host or path names is an AWS request.
    claims: () => true,
    handle: observed,
    refuse: operations.refuse,
  };
}
