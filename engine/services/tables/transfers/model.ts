import { records, subspace } from "../../../kernel/subspace.ts";
import type { TableRecord } from "../model.ts";
import type { NewObject } from "../ports.ts";

/** How far a transfer of a table's items to or from a bucket is. */
interface Transfer {
  readonly id: string;
  readonly table: string;
  readonly tableId: string;
  readonly token?: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly state: "running" | "done" | "failed";
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Which items go out: those of a moment, or those that changed in a window. */
export type Extent =
  | { readonly kind: "full"; readonly atMs: number }
  | {
      readonly kind: "changes";
      readonly fromMs: number;
      /** Changes from here on are left out. */
      readonly toMs: number;
      readonly view: "newImage" | "newAndOldImages";
    };

export interface ExportRecord extends Transfer {
  /** What the manifest calls the table. */
  readonly tableName: string;
  readonly bucket: string;
  readonly expectedAccount?: string;
  readonly prefix?: string;
  readonly encryption?: NonNullable<NewObject["encryption"]>;
  readonly extent: Extent;
  readonly itemCount?: number;
  readonly sizeBytes?: number;
  /** The key of the manifest, once all is written. */
  readonly manifest?: string;
}

/** How the lines of files are read. */
export type InputFormat =
  | { readonly kind: "json" }
  | { readonly kind: "csv"; readonly delimiter: string; readonly header?: readonly string[] };

export interface ImportRecord extends Transfer {
  readonly bucket: string;
  readonly expectedAccount?: string;
  readonly prefix?: string;
  readonly format: InputFormat;
  readonly isCompressed: boolean;
  /** The table as it was asked for. */
  readonly definition: TableRecord;
  readonly processedBytes: number;
  readonly processedItems: number;
  readonly importedItems: number;
  readonly failedItems: number;
}

export const transferSpaces = {
  export: subspace<[account: string, region: string, id: string]>("tables", "export"),
  import: subspace<[account: string, region: string, id: string]>("tables", "import"),
  /** The transfer that a client's token stands for. */
  token: subspace<[account: string, region: string, kind: string, token: string]>("tables", "transfer-token"),
};
export const exportRecords = records<ExportRecord, [account: string, region: string, id: string]>(
  transferSpaces.export,
);
export const importRecords = records<ImportRecord, [account: string, region: string, id: string]>(
  transferSpaces.import,
);

export interface TokenRecord {
  readonly id: string;
  readonly requestDigest: string;
  readonly atMs: number;
}
export const TOKEN_LIFE_MS = 8 * 60 * 60 * 1000;
