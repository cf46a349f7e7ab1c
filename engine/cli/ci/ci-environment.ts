import { readFileSync } from "node:fs";
import { Failure } from "../failure.ts";
import type { CommentPlace } from "./comment-place.ts";
import { githubComments } from "./github-comments.ts";
import { gitlabNotes } from "./gitlab-notes.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The change that this run of CI is about, by what CI says in the environment.
 * Errors: `Failure` when it says nothing, or when it is about no change
 */
export function commentPlace(environment: Environment): CommentPlace {
  if (environment["GITHUB_ACTIONS"] || environment["GITHUB_EVENT_PATH"]) return onGithub(environment);
  if (environment["GITLAB_CI"] || environment["CI_API_V4_URL"]) return onGitlab(environment);
  throw new Failure("This is no run of CI, so there is no change to comment on.", [
    "GitHub Actions and GitLab CI tell which one it is by their environment.",
  ]);
}

function onGithub(environment: Environment): CommentPlace {
  const repository = needed(environment, "GITHUB_REPOSITORY", "GitHub Actions sets it.");
  const number = pullRequestIn(needed(environment, "GITHUB_EVENT_PATH", "GitHub Actions sets it."));
  const token = needed(environment, "GITHUB_TOKEN", "In the step: env: GITHUB_TOKEN: ${{ github.token }}");
  return githubComments({ api: environment["GITHUB_API_URL"] ?? "https://api.github.com", repository, number, token });
}

function onGitlab(environment: Environment): CommentPlace {
  const cure = "The job has to run for merge requests: rules: - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"";
  return gitlabNotes({
    api: needed(environment, "CI_API_V4_URL", "GitLab CI sets it."),
    project: needed(environment, "CI_PROJECT_ID", "GitLab CI sets it."),
    number: needed(environment, "CI_MERGE_REQUEST_IID", cure),
    token: needed(environment, "GITLAB_TOKEN", "Make a project access token with scope api, and a CI variable of it."),
  });
}

function needed(environment: Environment, name: string, cure: string): string {
  const value = environment[name];
  if (value) return value;
  throw new Failure(`${name} is not set.`, [cure]);
}

/** Errors: `Failure` for an event of another kind */
function pullRequestIn(file: string): number {
  let event: { readonly pull_request?: { readonly number?: number }; readonly issue?: { readonly number?: number } };
  try {
    event = JSON.parse(readFileSync(file, "utf8")) as typeof event;
  } catch (problem) {
    throw new Failure(`The event in ${file} cannot be read: ${(problem as Error).message}`, [], problem);
  }
  const number = event.pull_request?.number ?? event.issue?.number;
  if (number !== undefined) return number;
  throw new Failure("This run is about no pull request.", ["The workflow has to run on: pull_request."]);
}
