import type { Output } from "../output.ts";

/**
 * An output for each of several stacks, whose answers are one answer in the end: people read each as it comes,
 * programs get `{ stacks: [{ stack, ...answer }] }`.
 */
export function gatheredAnswers(output: Output): { readonly of: (stack: string) => Output; readonly end: () => void } {
  const answers: object[] = [];
  return {
    of: (stack) => ({
      ...output,
      answer(value, text) {
        if (output.format === "text") output.answer(value, text);
        else answers.push({ stack, ...(value as object) });
      },
    }),
    end() {
      if (output.format !== "text") output.answer({ stacks: answers }, () => "");
    },
  };
}
