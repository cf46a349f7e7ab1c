import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { markerOf } from "../formats/marker.ts";
import { commentPlace } from "./ci-environment.ts";
import { postComment } from "./post-comment.ts";

const MARKER = markerOf({ kind: "preview", subject: "web.yaml" });
const OTHER = markerOf({ kind: "preview", subject: "shop" });

interface Heard {
  readonly request: string;
  readonly token: string | undefined;
}

/** A service that keeps comments, as GitHub and GitLab do. */
async function service(comments: { id: number; body: string }[], refusal?: { status: number; text: string }) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const { method, url = "", headers } = request;
    heard.push({ request: `${method} ${url}`, token: headers.authorization ?? String(headers["private-token"]) });
    let text = "";
    request.setEncoding("utf8").on("data", (more: string) => (text += more));
    request.on("end", () => {
      if (refusal) return response.writeHead(refusal.status).end(refusal.text);
      const page = Number(new URL(url, "http://localhost").searchParams.get("page"));
      if (method === "GET") return response.end(JSON.stringify(comments.slice((page - 1) * 100, page * 100)));
      const { body } = JSON.parse(text) as { body: string };
      const id = method === "POST" ? comments.length + 1 : Number(url.split("/").at(-1));
      const comment = { id, body, html_url: `comment ${id}` };
      if (method === "POST") comments.push(comment);
      else comments[comments.findIndex((each) => each.id === id)] = comment;
      return response.end(JSON.stringify(comment));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

function eventFile(event: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "event.json");
  writeFileSync(file, typeof event === "string" ? event : JSON.stringify(event));
  return file;
}

const onGithub = (address: string, event: unknown = { pull_request: { number: 7 } }) => ({
  GITHUB_ACTIONS: "true",
  GITHUB_API_URL: address,
  GITHUB_REPOSITORY: "shop/infrastructure",
  GITHUB_EVENT_PATH: eventFile(event),
  GITHUB_TOKEN: "secret",
});
const onGitlab = (address: string) => ({
  GITLAB_CI: "true",
  CI_API_V4_URL: address,
  CI_PROJECT_ID: "12",
  CI_MERGE_REQUEST_IID: "3",
  GITLAB_TOKEN: "secret",
});

describe("the comment of a pull request", () => {
  test("is created once, then updated where it is, and left alone when nothing is new", async () => {
    const comments = [
      { id: 1, body: "I like it" },
      { id: 2, body: `${OTHER}\nanother folder's` },
      { id: 3, body: `> ${MARKER}\nquoted` },
    ];
    const { address, heard } = await service(comments);
    const place = commentPlace(onGithub(address));
    expect(place.name).toBe("pull request 7 of shop/infrastructure");
    expect(await postComment(place, `${MARKER}\nfirst`)).toEqual({ how: "created", comment: "comment 4" });
    expect(await postComment(place, `${MARKER}\nsecond`)).toEqual({ how: "updated", comment: "comment 4" });
    expect(await postComment(place, `${MARKER}\nsecond\n`)).toEqual({ how: "unchanged" });
    expect(comments.map(({ body }) => body).slice(1)).toEqual([
      `${OTHER}\nanother folder's`,
      `> ${MARKER}\nquoted`,
      `${MARKER}\nsecond`,
    ]);
    expect(heard.map(({ request }) => request)).toEqual([
      "GET /repos/shop/infrastructure/issues/7/comments?per_page=100&page=1",
      "POST /repos/shop/infrastructure/issues/7/comments",
      "GET /repos/shop/infrastructure/issues/7/comments?per_page=100&page=1",
      "PATCH /repos/shop/infrastructure/issues/comments/4",
      "GET /repos/shop/infrastructure/issues/7/comments?per_page=100&page=1",
    ]);
    expect(new Set(heard.map(({ token }) => token))).toEqual(new Set(["Bearer secret"]));
  });

  test("is found behind many others", async () => {
    const others = Array.from({ length: 130 }, (_each, index) => ({ id: index + 1, body: "talk" }));
    const { address } = await service([...others, { id: 131, body: `${MARKER}\nfirst` }]);
    const posted = await postComment(commentPlace(onGithub(address)), `${MARKER}\nsecond`);
    expect(posted).toEqual({ how: "updated", comment: "comment 131" });
  });

  test("is refused in the service's words, with what to do, and never with the token", async () => {
    const refusal = { status: 403, text: '{"message":"Resource not accessible by integration"}' };
    const { address } = await service([], refusal);
    const refused = postComment(commentPlace(onGithub(address)), MARKER);
    await expect(refused).rejects.toMatchObject({
      message: `GET ${address}/repos/shop/infrastructure/issues/7/comments answered 403: ${
        "Resource not accessible by integration"
      }`,
      cure: ["The token may not comment: permissions: pull-requests: write. Runs for forks never may."],
    });
    await expect(postComment(commentPlace(onGithub("http://127.0.0.1:1")), MARKER)).rejects.toThrow("got no answer");
  });

  test("needs a run about a pull request, and a token", () => {
    expect(() => commentPlace(onGithub("", { ref: "refs/heads/main" }))).toThrow("This run is about no pull request.");
    expect(() => commentPlace(onGithub("", "{"))).toThrow("cannot be read");
    expect(() => commentPlace({ ...onGithub(""), GITHUB_TOKEN: "" })).toThrow("GITHUB_TOKEN is not set.");
    expect(() => commentPlace({})).toThrow("This is no run of CI, so there is no change to comment on.");
  });
});

describe("the note of a merge request", () => {
  test("is created once, then updated where it is", async () => {
    const notes: { id: number; body: string }[] = [];
    const { address, heard } = await service(notes);
    const place = commentPlace(onGitlab(address));
    expect(place.name).toBe("merge request 3 of project 12");
    expect(await postComment(place, `${MARKER}\nfirst`)).toMatchObject({ how: "created" });
    expect(await postComment(place, `${MARKER}\nsecond`)).toMatchObject({ how: "updated" });
    expect(notes.map(({ body }) => body)).toEqual([`${MARKER}\nsecond`]);
    expect(heard.map(({ request }) => request.replace(/\?.*/, ""))).toEqual([
      "GET /projects/12/merge_requests/3/notes",
      "POST /projects/12/merge_requests/3/notes",
      "GET /projects/12/merge_requests/3/notes",
      "PUT /projects/12/merge_requests/3/notes/1",
    ]);
  });

  test("needs a token that may comment", () => {
    expect(() => commentPlace({ ...onGitlab(""), CI_API_V4_URL: "x", GITLAB_TOKEN: "" })).toThrow(
      "GITLAB_TOKEN is not set.",
    );
  });
});

test("a text without a marker, or too long for a comment, is refused", async () => {
  const { address } = await service([]);
  const place = commentPlace(onGithub(address));
  await expect(postComment(place, "nothing")).rejects.toThrow("The text has no marker");
  await expect(postComment(place, MARKER + "x".repeat(65_536))).rejects.toThrow("a comment may have 65536");
});
