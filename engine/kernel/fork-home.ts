import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import { invariant } from "../platform/invariant.ts";
import type { BlobStore } from "./blobs.ts";
import { forkBlobStore } from "./fork-blobs.ts";
import type { ForkOrigin, ForkPlace, ForkRecord } from "./fork-place.ts";
import { FORK_TAG_LENGTH, newForkTag, taggedIds } from "./fork-tag.ts";
import { forkOver, type ForkedStore, type Moment, type OptimisticStore } from "./optimistic.ts";
import { snapshotBodies } from "./snapshot-bodies.ts";
import { SnapshotFile } from "./snapshot-file.ts";
import { packr } from "./snapshot-format.ts";
import { SnapshotView } from "./snapshot-view.ts";
import { StoreUnavailable } from "./store.ts";

export interface ForkHomeParts {
  readonly store: OptimisticStore;
  readonly blobs: BlobStore;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly place: ForkPlace;
}

/** A fork that is in use, until its store is closed. */
export interface OpenFork {
  readonly store: ForkedStore;
  readonly blobs: BlobStore;
}

/** What a new fork is made of; `snapshot` is a file. */
export type WantedOrigin =
  Exclude<ForkOrigin, { kind: "snapshot" }> | { readonly kind: "snapshot"; readonly file: string };

/** The forks of one store by name, with what stands on them in turn. Who asks has made sure that names are free. */
export class ForkHome {
  private readonly parts: ForkHomeParts;
  private readonly records = new Map<string, ForkRecord>();
  /** Of the forks whose base is open. */
  private readonly moments = new Map<string, Moment>();
  private readonly opened = new Map<string, Promise<OpenFork>>();

  constructor(parts: ForkHomeParts) {
    this.parts = parts;
  }

  /** Finds the forks of before. To be called before anything is committed to the store. */
  async resume(): Promise<void> {
    for (const record of this.parts.place.read()) this.records.set(record.name, record);
    await this.resumeMoments(this.parts.store, (of) => of.kind === "main");
  }

  /** Goes on keeping what forks of `store` see of it, and drops what a crash has left of others. */
  private async resumeMoments(store: OptimisticStore, isOf: (of: ForkOrigin) => boolean): Promise<void> {
    const tags = new Set<string>();
    for (const record of this.records.values()) {
      if (!isOf(record.of)) continue;
      tags.add(record.tag);
      this.moments.set(record.name, store.resumeMoment(record));
    }
    for (const tag of store.keptTags(FORK_TAG_LENGTH)) if (!tags.has(tag)) await store.forgetKept(tag);
  }

  /** In order of their names. */
  list(): readonly ForkRecord[] {
    return [...this.records.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): ForkRecord | undefined {
    return this.records.get(name);
  }

  /** Those that were made of the fork `name`. */
  madeOf(name: string): readonly ForkRecord[] {
    return this.list().filter(({ of }) => of.kind === "fork" && of.name === name);
  }

  /** Errors: `SnapshotRefused` for a file that is none */
  async create(name: string, wanted: WantedOrigin): Promise<ForkRecord> {
    const { place, clock, ids } = this.parts;
    const tag = newForkTag(ids);
    const fresh = { name, tag, createdAtMs: clock.nowMs() };
    if (wanted.kind === "snapshot") {
      const { file, position } = openSnapshot(wanted.file);
      file.close();
      return this.exists({ ...fresh, firstPosition: position, of: { ...wanted, fingerprint: file.fingerprint } });
    }
    const base = wanted.kind === "main" ? this.parts.store : (await this.open(wanted.name)).store;
    const moment = await base.keepMoment(tag);
    try {
      const record = this.exists({ ...fresh, firstPosition: moment.firstPosition, of: wanted });
      this.moments.set(name, moment);
      return record;
    } catch (problem) {
      place.remove(name);
      await moment.forget();
      throw problem;
    }
  }

  private exists(record: ForkRecord): ForkRecord {
    this.parts.place.write(record);
    this.records.set(record.name, record);
    return record;
  }

  /** The fork, and first what it stands on; the same one as long as its store is open. */
  open(name: string): Promise<OpenFork> {
    const opening = this.opened.get(name) ?? this.openNow(name);
    this.opened.set(name, opening);
    opening.catch(() => this.opened.delete(name));
    return opening;
  }

  private async openNow(name: string): Promise<OpenFork> {
    const record = this.records.get(name);
    invariant(record, `the fork ${name} exists`);
    const { place, ids } = this.parts;
    const { store, bodies } = await this.openOver(record, () => {
      this.opened.delete(name);
      for (const child of this.madeOf(name)) this.moments.delete(child.name);
    });
    await this.resumeMoments(store, (of) => of.kind === "fork" && of.name === name);
    const own = place.bodiesOf(name, taggedIds(ids, record.tag));
    return { store, blobs: forkBlobStore(own, bodies, record.tag) };
  }

  private async openOver(
    { name, of, firstPosition }: ForkRecord, onClosed: () => void,
  ): Promise<{ readonly store: ForkedStore; readonly bodies: Pick<BlobStore, "open"> }> {
    const { place, blobs } = this.parts;
    if (of.kind === "snapshot") {
      const { file } = openSnapshot(of.file);
      if (file.fingerprint !== of.fingerprint) {
        file.close();
        throw new StoreUnavailable(`The snapshot ${of.file} is not the one that the fork ${name} was made of; `
          + "put that one back, or drop the fork.");
      }
      const end = () => {
        file.close();
        onClosed();
      };
      const store = forkOver(new SnapshotView(file), place.recordsOf(name), firstPosition, end);
      return { store, bodies: snapshotBodies(file) };
    }
    const bodies = of.kind === "main" ? blobs : (await this.open(of.name)).blobs;
    const moment = this.moments.get(name);
    invariant(moment, "what a fork stands on is open");
    return { store: moment.fork(place.recordsOf(name), onClosed), bodies };
  }

  /** Ends a fork that is not open and that no other stands on; its base is as if it had never been. */
  async drop(name: string): Promise<void> {
    invariant(!this.opened.has(name), "a fork is closed before it is dropped");
    this.parts.place.remove(name);
    this.records.delete(name);
    // Of a base that is not open, what was kept is dropped when that is opened.
    await this.moments.get(name)?.forget();
    this.moments.delete(name);
  }
}

function openSnapshot(path: string): { readonly file: SnapshotFile; readonly position: number } {
  const file = new SnapshotFile(path);
  const header = file.sections.find(({ kind }) => kind === "header");
  invariant(header, "a snapshot that ends as one has a header");
  return { file, ...(packr.unpack(file.payload(header)) as { position: number }) };
}
