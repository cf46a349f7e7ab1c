import { COMMENT_LIMITS } from "../formats/comment-limits.ts";
import { callApi } from "./api-call.ts";
import type { CommentPlace, PostedComment } from "./comment-place.ts";

const PAGE = 100;

const CURES = {
  401: "GITLAB_TOKEN is not valid, or the variable is protected and this branch is not.",
  403: "The token may not comment: it needs the scope api and the role of a reporter.",
  404: "The token may not see the merge request: it needs the scope api and the role of a reporter.",
} as const;

/** The notes of a merge request. Source: GitLab REST API, Notes */
export function gitlabNotes(place: {
  readonly api: string;
  readonly project: string;
  readonly number: string;
  readonly token: string;
}): CommentPlace {
  const { api, project, number, token } = place;
  const notes = `${api}/projects/${encodeURIComponent(project)}/merge_requests/${number}/notes`;
  const call = <T>(method: "GET" | "POST" | "PUT", url: string, body?: object) =>
    callApi<T>({ method, url, headers: { "private-token": token }, cures: CURES, ...(body && { body }) });
  const name = `note of merge request ${number}`;
  return {
    name: `merge request ${number} of project ${project}`,
    charactersMax: COMMENT_LIMITS.gitlab,
    async *list() {
      for (let page = 1; ; page += 1) {
        const query = `?per_page=${PAGE}&page=${page}&sort=asc&order_by=created_at`;
        const found = await call<PostedComment[]>("GET", notes + query);
        yield* found;
        if (found.length < PAGE) return;
      }
    },
    create: async (body) => `${name}, ${(await call<PostedComment>("POST", notes, { body })).id}`,
    update: async (id, body) => `${name}, ${(await call<PostedComment>("PUT", `${notes}/${id}`, { body })).id}`,
  };
}
