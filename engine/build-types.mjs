// Declarations for what the package exports: of each file that those doors' types reach, and of no other.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const OPTIONS = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext, isolatedDeclarations: true };

export function writeDeclarations(root, doors, outdir) {
  const open = doors.map((door) => resolve(root, door));
  const seen = new Set(open);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, "utf8"), {
      fileName: file,
      compilerOptions: OPTIONS,
      reportDiagnostics: true,
    });
    if (diagnostics.length > 0) {
      const host = { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => "\n" };
      throw new Error(ts.formatDiagnostics(diagnostics, host));
    }
    const target = join(root, outdir, relative(root, file).replace(/[.]ts$/, ".d.ts"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
    for (const { fileName } of ts.preProcessFile(outputText).importedFiles) {
      const next = resolve(dirname(file), fileName);
      if (!fileName.startsWith(".") || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
}
