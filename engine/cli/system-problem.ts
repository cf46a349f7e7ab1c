/** What is told of a failure that is nobody's defect: its text, and what to do, one suggestion a line. */
export interface CuredProblem {
  readonly message: string;
  readonly cure: readonly string[];
}

type SystemError = NodeJS.ErrnoException & { readonly dest?: string };

interface Told {
  readonly what: (path: string) => string;
  readonly cure: string;
}

const NO_RIGHT: Told = {
  what: (path) => `This user may not use ${path}.`,
  cure: "Give this user the right to, or name another place; the engine's own is what --data-dir says.",
};
const NO_SPACE: Told = {
  what: (path) => `The disk is full: ${path} could not be written.`,
  cure: "Free some space, then try again.",
};

/** What the machine refuses, by its own code. */
const TOLD: Readonly<Record<string, Told>> = {
  EACCES: NO_RIGHT,
  EPERM: NO_RIGHT,
  EROFS: {
    what: (path) => `${path} is on a disk that can only be read.`,
    cure: "Name another place; the engine's own is what --data-dir says.",
  },
  ENOENT: { what: (path) => `There is no file ${path}.`, cure: "Check the path, and that its folder is there." },
  EEXIST: { what: (path) => `${path} is there already, and is no folder.`, cure: "Name another place." },
  ENOTDIR: { what: (path) => `A part of the path ${path} is no folder.`, cure: "Name another place." },
  EISDIR: { what: (path) => `${path} is a folder, not a file.`, cure: "Give the path of a file." },
  ENAMETOOLONG: { what: (path) => `The path ${path} is too long.`, cure: "Name a shorter one." },
  EILSEQ: { what: (path) => `${path} is no text in UTF-8.`, cure: "Save it in UTF-8." },
  ENOSPC: NO_SPACE,
  EDQUOT: NO_SPACE,
};

/**
 * What the machine has against a file or a folder that somebody named, in words and with what to do; nothing when
 * `problem` is anything else. The machine does not tell which file it was reading: who knows that gives it as `file`.
 */
export function systemProblem(problem: unknown, file?: string): CuredProblem | undefined {
  const { code = "", path = file, dest } = problem as SystemError;
  const told = TOLD[code];
  if (told === undefined || path === undefined) return undefined;
  return { message: told.what(dest ?? path), cure: [told.cure] };
}
