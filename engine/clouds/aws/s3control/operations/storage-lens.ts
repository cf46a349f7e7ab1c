import type { S3controlOperations, StorageLensConfiguration } from "../../../../models/aws/s3control.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import { bind, type WireCall } from "../../binding.ts";
import { present } from "../../present.ts";
import { storageLensArn } from "../arns.ts";
import { ownAccount, tagsOf, wireTags } from "../model.ts";
import { nextToken, pageOf } from "../paging.ts";

const lensRef = (wire: { readonly AccountId: string; readonly ConfigId: string }, call: WireCall) => ({
  id: wire.ConfigId,
  ...ownAccount(wire, call),
});

export const storageLensOperations = bind<S3controlOperations>()(objects, {
  PutStorageLensConfiguration: {
    to: "putDashboard",
    in: ({ StorageLensConfiguration: said, Tags, ...w }, call) => ({
      document: present(said),
      isEnabled: said.IsEnabled,
      ...(Tags !== undefined && { tags: tagsOf(Tags) }),
      ...lensRef(w, call),
    }),
    out: () => ({}),
    recordedOnly: ["StorageLensConfiguration"],
  },
  GetStorageLensConfiguration: {
    to: "getDashboard",
    in: lensRef,
    out: ({ id, document }, _, call) => ({
      StorageLensConfiguration: { ...(document as StorageLensConfiguration), StorageLensArn: storageLensArn(id, call) },
    }),
  },
  ListStorageLensConfigurations: {
    to: "listDashboards",
    in: (w, call) => ({ ...pageOf(w), ...ownAccount(w, call) }),
    out: (r, _, call) => ({
      StorageLensConfigurationList: r.found.map(({ id, isEnabled }) => ({
        Id: id,
        StorageLensArn: storageLensArn(id, call),
        HomeRegion: call.region,
        IsEnabled: isEnabled,
      })),
      ...nextToken(r.next),
    }),
  },
  DeleteStorageLensConfiguration: { to: "deleteDashboard", in: lensRef, out: () => ({}) },
  PutStorageLensConfigurationTagging: {
    to: "putDashboardTags",
    in: ({ Tags, ...w }, call) => ({ tags: tagsOf(Tags), ...lensRef(w, call) }),
    out: () => ({}),
  },
  GetStorageLensConfigurationTagging: {
    to: "getDashboardTags",
    in: lensRef,
    out: (r) => ({ Tags: wireTags(r.tags) }),
  },
  DeleteStorageLensConfigurationTagging: {
    to: "putDashboardTags",
    in: (w, call) => ({ tags: [], ...lensRef(w, call) }),
    out: () => ({}),
  },
});
