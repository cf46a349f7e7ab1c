import { COMMENT_LIMITS } from "../formats/comment-limits.ts";
import { callApi } from "./api-call.ts";
import type { CommentPlace, PostedComment } from "./comment-place.ts";

const PAGE = 100;

const CURES = {
  401: "The token is not valid: env: GITHUB_TOKEN: ${{ github.token }}",
  403: "The token may not comment: permissions: pull-requests: write. Runs for forks never may.",
  404: "The token may not see it: permissions: pull-requests: write.",
} as const;

interface Comment extends PostedComment {
  readonly html_url: string;
}

/** The comments of a pull request. Source: GitHub REST API, Issue comments */
export function githubComments(place: {
  readonly api: string;
  readonly repository: string;
  readonly number: number;
  readonly token: string;
}): CommentPlace {
  const { api, repository, number, token } = place;
  const issues = `${api}/repos/${repository}/issues`;
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  };
  const call = <T>(method: "GET" | "POST" | "PATCH", url: string, body?: object) =>
    callApi<T>({ method, url, headers, cures: CURES, ...(body && { body }) });
  return {
    name: `pull request ${number} of ${repository}`,
    charactersMax: COMMENT_LIMITS.github,
    async *list() {
      for (let page = 1; ; page += 1) {
        const found = await call<Comment[]>("GET", `${issues}/${number}/comments?per_page=${PAGE}&page=${page}`);
        for (const { id, body } of found) yield { id, body: body ?? "" };
        if (found.length < PAGE) return;
      }
    },
    create: async (body) => (await call<Comment>("POST", `${issues}/${number}/comments`, { body })).html_url,
    update: async (id, body) => (await call<Comment>("PATCH", `${issues}/comments/${id}`, { body })).html_url,
  };
}
