import type { Labels } from "../labels.ts";
import { errors } from "./errors.ts";
import { LABELS_MAX } from "./model.ts";

const NAME_LENGTH_MAX = 128,
  VALUE_LENGTH_MAX = 256;

/** Errors: `GrantLabelsInvalid` */
export function checkedLabels(labels: Labels = {}): Labels {
  const names = Object.keys(labels);
  if (names.length > LABELS_MAX)
    throw errors.GrantLabelsInvalid({ why: `${names.length} labels; the limit is ${LABELS_MAX}.` });
  const wrong = names.find(
    (name) => name === "" || name.length > NAME_LENGTH_MAX || (labels[name]?.length ?? 0) > VALUE_LENGTH_MAX,
  );
  if (wrong !== undefined) throw errors.GrantLabelsInvalid({ why: `The label "${wrong}" is empty or too long.` });
  return labels;
}
