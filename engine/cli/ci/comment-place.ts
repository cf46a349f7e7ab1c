/** A comment that is there already. */
export interface PostedComment {
  readonly id: number;
  readonly body: string;
}

/** The comments of one change, at the service that it is proposed at. */
export interface CommentPlace {
  /** `pull request 7 of shop/infrastructure` */
  readonly name: string;
  /** The most characters that a comment may have. */
  readonly charactersMax: number;
  /** Oldest first. */
  list(): AsyncIterable<PostedComment>;
  /** Gives the comment's address for people. */
  create(body: string): Promise<string>;
  update(id: number, body: string): Promise<string>;
}
