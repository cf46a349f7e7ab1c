import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface PullRequests {
  readonly address: string;
  /** What stands at the pull or merge request, in order. */
  readonly comments: { readonly id: number; body: string }[];
  /** `POST /repos/...`, in order. */
  readonly requests: string[];
  readonly tokens: Set<string>;
  close(): Promise<void>;
}

/** The part of GitHub's and of GitLab's API that keeps comments. */
export async function pullRequestService(): Promise<PullRequests> {
  const comments: PullRequests["comments"] = [];
  const requests: string[] = [];
  const tokens = new Set<string>();
  const server = createServer((request, response) => {
    const { method, headers } = request;
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    requests.push(`${method} ${pathname}`);
    tokens.add(String(headers.authorization ?? headers["private-token"]));
    let text = "";
    request.setEncoding("utf8").on("data", (more: string) => (text += more));
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      if (method === "GET") return response.end(JSON.stringify(comments));
      const { body } = JSON.parse(text) as { readonly body: string };
      const known = comments.find(({ id }) => pathname.endsWith(`/${id}`) && method !== "POST");
      const comment = known ?? { id: comments.length + 101, body };
      comment.body = body;
      if (!known) comments.push(comment);
      return response.end(JSON.stringify({ ...comment, html_url: `http://localhost/comments/${comment.id}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    requests,
    tokens,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
