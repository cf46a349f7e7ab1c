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

/** What one page says, in one order; it may hold as many as were asked for. */
function saidOn({ Contents = [], CommonPrefixes = [] }: Told): string[] {
  const said = [
    ...Contents.map(({ Key }) => ({ at: decoded(Key), said: `key ${decoded(Key)}` })),
    ...CommonPrefixes.map(({ Prefix }) => ({ at: decoded(Prefix), said: `prefix ${decoded(Prefix)}` })),
  ];
  return said.toSorted((a, b) => inBytes(a.at, b.at)).map((one) => one.said);
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
    async second(): Promise<string[]> {
      const said: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await world.s3.send(new ListObjectsV2Command({ ...asked, StartAfter: after, ContinuationToken }));
        expect(page.KeyCount).toBe(saidOn(page).length);
        expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
        expect(page.NextContinuationToken !== undefined).toBe(page.IsTruncated);
        said.push(...saidOn(page));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return said;
    },
    async first(): Promise<string[]> {
      const said: string[] = [];
      let Marker = after;
      for (;;) {
        const page = await world.s3.send(new ListObjectsCommand({ ...asked, Marker }));
        said.push(...saidOn(page));
        if (!page.IsTruncated) return said;
        // Without a delimiter the last key is where the next page begins.
        Marker = decoded(page.NextMarker ?? page.Contents?.at(-1)?.Key);
      }
    },
    async versions(): Promise<string[]> {
      const said: string[] = [];
      let marks: { KeyMarker?: string; VersionIdMarker?: string | undefined } = {};
      for (;;) {
        const page = await world.s3.send(new ListObjectVersionsCommand({ ...asked, ...marks }));
        const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
        said.push(...all.map(({ Key, VersionId }) => `${decoded(Key)} ${VersionId}`));
        said.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => `prefix ${decoded(Prefix)}`));
        if (!page.IsTruncated) return said;
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
          const whole = wanted(sorted, one);
          const { first, second } = lists(Bucket, one);
          expect(await second()).toEqual(whole);
          expect(await first()).toEqual(whole);
        }
      },
    ),
    sampled(40, 20_300_104),
  );
});

test("a list of versions has every version and delete marker once, for any Unicode and page size", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(key, fc.boolean()), { maxLength: 20 }), wish, async (steps, asked) => {
      const Bucket = await world.versionedBucket();
      const model = new Map<string, string[]>();
      for (const [Key, isPut] of steps) {
        const sent = isPut
          ? world.put(Bucket, Key, "x")
          : world.s3.send(new DeleteObjectCommand({ Bucket, Key }));
        const { VersionId = "" } = await sent;
        model.set(Key, [VersionId, ...(model.get(Key) ?? [])]);
      }
      const { prefix, delimiter } = asked;
      const keys = [...model.keys()].filter((one) => one.startsWith(prefix)).toSorted(inBytes);
      const isRolled = (one: string) => delimiter !== undefined && one.includes(delimiter, prefix.length);
      const single = keys.filter((one) => !isRolled(one));
      const rolled = wanted(keys.filter(isRolled), { ...asked, after: undefined });
      const told = await lists(Bucket, asked).versions();
      const listed = single.flatMap((one) => (model.get(one) ?? []).map((version) => `${one} ${version}`));
      expect(told.toSorted()).toEqual([...listed, ...rolled].toSorted());
    }),
    sampled(40, 20_300_105),
  );
});
