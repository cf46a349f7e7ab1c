import type { CDKMetadataProperties } from "../../../models/cloudformation/aws-cdk-metadata.generated.ts";

/** What a marker can be declared with: all that there is to say of one. */
export type MarkerProperties = CDKMetadataProperties;

export const markerState = (id: string, properties: MarkerProperties) => ({ id, properties, attributes: { Id: id } });
