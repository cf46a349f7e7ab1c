import type { ExportedResource } from "./exported.ts";
import { exportedExtras } from "./exported-extras.ts";
import { exportedProperties } from "./exported-properties.ts";
import type { Subject } from "./subjects.ts";
import { namesIn, type Exporting } from "./exporting.ts";

/** A resource as code can be written of it. */
export function exportedResource(subject: Subject, exporting: Exporting): ExportedResource {
  const { record, logicalId, registered, attributes, converted } = subject;
  const properties = exportedProperties(subject, exporting);
  const names = namesIn(properties);
  const dependencies = record.dependencies.flatMap((id) => exporting.subjects.get(id)?.logicalId ?? []);
  return {
    logicalId,
    ...(logicalId !== record.logicalId && { recordedAs: record.logicalId }),
    type: registered.type.name,
    id: subject.id,
    properties,
    extras: exportedExtras(subject, exporting),
    attributes,
    live: converted ?? record.live,
    dependsOn: dependencies.filter((each) => !names.has(each)),
    deletionPolicy: record.deletionPolicy,
    updateReplacePolicy: record.updateReplacePolicy,
  };
}
