import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sampled } from "../../../testing/property-runs.ts";
import { s3World } from "../../../testing/s3-world.ts";

const world = s3World();

/** Any Unicode, and often the letters that prefixes and delimiters are made of. */
const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "/", "é") },
  { weight: 1, arbitrary: fc.constantFrom("\u0001", "\n", "+", "%", "&", "<", " ", "\u007f", "\uFFFD", "\u{1F600}") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
);
const text = (least: number, most: number) =>
  fc.array(character, { minLength: least, maxLength: most }).map((parts) => parts.join(""));
/** No path of dots alone, which clients resolve before they ask. */
const key = text(1, 6).filter((one) => !one.split("/").some((part) => part === "." || part === ".."));
const wish = fc.record({
  prefix: fc.oneof(fc.constant(""), text(1, 2)),
  delimiter: fc.oneof(fc.constant(undefined), fc.constant("/"), text(1, 2)),
  pageSize: fc.integer({ min: 1, max: 6 }),
  after: fc.oneof(fc.constant(undefined), text(1, 3)),
});
type Wish = typeof wish extends fc.Arbitrary<infer W> ? W : never;

const inBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What each page must say when all pages together say `whole`: as much as was asked for, but for the last one. */
const inPages = (whole: readonly string[], { pageSize }: Wish): string[][] =>
  Array.from({ length: Math.max(1, Math.ceil(whole.length / pageSize)) }, (_, page) =>
    whole.slice(page * pageSize, (page + 1) * pageSize),
  );

/** Keys and common prefixes of a sorted list, each marked, in one order: what all pages together must say. */
function wanted(keys: readonly string[], { prefix, delimiter, after }: Wish): string[] {
  const found: string[] = [];
  for (const one of keys) {
    if (!one.startsWith(prefix) || (after !== undefined && inBytes(one, after) <= 0)) continue;
    const end = delimiter === undefined ? -1 : one.indexOf(delimiter, prefix.length);
    const rolled = end < 0 ? undefined : one.slice(0, end + (delimiter ?? "").length);
    // A page goes on after a common prefix by its name: then all of it has been told.
    if (rolled !== undefined && rolled === after) continue;
    const said = rolled === undefined ? `key ${one}` : `prefix ${rolled}`;
    if (found.at(-1) !== said) found.push(said);
  }
  return found;
}

const decoded = (told: string | undefined) => decodeURIComponent((told ?? "").replaceAll("+", "%20"));

interface Told {
  readonly Contents?: { readonly Key?: string | undefined }[] | undefined;
  readonly CommonPrefixes?: { readonly Prefix?: string | undefined }[] | undefined;
}

interface Said {
  readonly at: string;
  readonly said: string;
}

/** Two sorted lists as one; fails for a list that is not sorted. */
function merged(...lists: readonly Said[][]): string[] {
  for (const list of lists) expect(list.toSorted((a, b) => inBytes(a.at, b.at))).toEqual(list);
  return lists
    .flat()
    .toSorted((a, b) => inBytes(a.at, b.at))
    .map(({ said }) => said);
}
const prefixesOn = ({ CommonPrefixes = [] }: Told): Said[] =>
  CommonPrefixes.map(({ Prefix }) => ({ at: decoded(Prefix), said: `prefix ${decoded(Prefix)}` }));

/** What one page says, in one order. */
const saidOn = (told: Told): string[] =>
  merged(
    (told.Contents ?? []).map(({ Key }) => ({ at: decoded(Key), said: `key ${decoded(Key)}` })),
    prefixesOn(told),
  );

interface ToldVersion {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}
const toldOf = (versions: readonly ToldVersion[] = []): Said[] =>
  versions.map(({ Key, VersionId }) => ({ at: decoded(Key), said: `${decoded(Key)} ${VersionId}` }));
/** By key, and the newest of a key first. `place` tells when a version was made. */
function inOrder(versions: readonly ToldVersion[] = [], place: (versionId: string) => number): Said[] {
  const made = (one: ToldVersion) => place(one.VersionId ?? "");
  return toldOf(versions.toSorted((a, b) => inBytes(decoded(a.Key), decoded(b.Key)) || made(b) - made(a)));
}

const lists = (Bucket: string, { prefix, delimiter, pageSize, after }: Wish) => {
  const asked = {
    Bucket,
    Prefix: prefix,
    MaxKeys: pageSize,
    EncodingType: "url" as const,
    ...(delimiter !== undefined && { Delimiter: delimiter }),
  };
  return {
    async second(): Promise<string[][]> {
      const pages: string[][] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await world.s3.send(new ListObjectsV2Command({ ...asked, StartAfter: after, ContinuationToken }));
        pages.push(saidOn(page));
        expect(page.KeyCount).toBe(pages.at(-1)?.length);
        expect(page.NextContinuationToken !== undefined).toBe(page.IsTruncated);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return pages;
    },
    async first(): Promise<string[][]> {
      const pages: string[][] = [];
      let Marker = after;
      for (;;) {
        const page = await world.s3.send(new ListObjectsCommand({ ...asked, Marker }));
        pages.push(saidOn(page));
        if (!page.IsTruncated) return pages;
        // Without a delimiter the last key is where the next page begins.
        Marker = decoded(page.NextMarker ?? page.Contents?.at(-1)?.Key);
      }
    },
    async versions(place: (versionId: string) => number): Promise<string[][]> {
      const pages: string[][] = [];
      let marks: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = { KeyMarker: after };
      for (;;) {
        const page = await world.s3.send(new ListObjectVersionsCommand({ ...asked, ...marks }));
        // The client tells versions and markers apart; on the wire they are one list.
        for (const list of [page.Versions, page.DeleteMarkers]) expect(toldOf(list)).toEqual(inOrder(list, place));
        const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
        pages.push(merged(inOrder(all, place), prefixesOn(page)));
        if (!page.IsTruncated) return pages;
        marks = { KeyMarker: decoded(page.NextKeyMarker), VersionIdMarker: page.NextVersionIdMarker };
      }
    },
  };
};

test("lists of objects equal the sorted keys, for any Unicode, prefix, delimiter and page size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 25 }),
      fc.array(fc.nat(), { maxLength: 4 }),
      fc.array(wish, { minLength: 1, maxLength: 4 }),
      async (keys, gone, wishes) => {
        const Bucket = await world.newBucket();
        const there = new Set(keys);
        await Promise.all(keys.map((one) => world.put(Bucket, one, "x")));
        for (const at of gone) {
          const Key = keys[at % keys.length];
          if (Key !== undefined) await world.s3.send(new DeleteObjectCommand({ Bucket, Key }));
          if (Key !== undefined) there.delete(Key);
        }
        const sorted = [...there].toSorted(inBytes);
        for (const one of wishes) {
          const whole = inPages(wanted(sorted, one), one);
          const { first, second } = lists(Bucket, one);
          expect(await second()).toEqual(whole);
          expect(await first()).toEqual(whole);
        }
      },
    ),
    sampled(40, 20_300_104),
  );
});

test("lists of versions have each version and marker once, newest first, for any Unicode and page size", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(key, fc.boolean()), { maxLength: 20 }), wish, async (steps, asked) => {
      const Bucket = await world.versionedBucket();
      const model = new Map<string, string[]>();
      const made: string[] = [];
      for (const [Key, isPut] of steps) {
        const sent = isPut
          ? world.put(Bucket, Key, "x")
          : world.s3.send(new DeleteObjectCommand({ Bucket, Key }));
        const { VersionId = "" } = await sent;
        model.set(Key, [VersionId, ...(model.get(Key) ?? [])]);
        made.push(VersionId);
      }
      const keys = [...model.keys()].toSorted(inBytes);
      const whole = wanted(keys, asked).flatMap((said) => {
        const one = said.slice("key ".length);
        return said.startsWith("key ") ? (model.get(one) ?? []).map((version) => `${one} ${version}`) : [said];
      });
      const told = await lists(Bucket, asked).versions((versionId) => made.indexOf(versionId));
      expect(told).toEqual(inPages(whole, asked));
    }),
    sampled(40, 20_300_105),
  );
});
