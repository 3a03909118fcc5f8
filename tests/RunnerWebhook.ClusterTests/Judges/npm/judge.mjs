// Reads a JSON array of Kubernetes objects from standard input and prints, as JSON, what is wrong with each.
//
// Two judges, both made from the published schemas: the models' own validators know required fields, formats and
// ranges, but let unknown fields pass; the TypeScript compiler refuses those, since an object literal may hold nothing
// that its type doesn't know.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";

const require = createRequire(import.meta.url);
const objects = JSON.parse(readFileSync(0, "utf8"));

const packageOf = (group) => group.endsWith("cert-manager.io") ? "@kubernetes-models/cert-manager" : "kubernetes-models";
const models = objects.map(({ apiVersion, kind }) => `${packageOf(apiVersion.split("/")[0])}/${apiVersion}/${kind}`);

const known = models.map((path, index) => {
  try {
    return require(path)[objects[index].kind];
  } catch {
    return undefined;
  }
});

const ofValidators = objects.map((object, index) => {
  if (!known[index]) {
    return [`there is no schema of ${object.apiVersion} ${object.kind}`];
  }

  try {
    new known[index](object).validate();
    return [];
  } catch (error) {
    return error.message.split("\n");
  }
});

const file = join(import.meta.dirname, "objects.ts");
const lines = [];
const ownerOf = [];
objects.forEach((object, index) => {
  if (known[index]) {
    const text = `const object${index}: import("${models[index]}").I${object.kind} = ${JSON.stringify(object, null, 1)};`;
    lines.push(...text.split("\n"));
    ownerOf.push(...text.split("\n").map(() => index));
  }
});
lines.push("export {};");

const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022 };
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists } = host;
host.getSourceFile = (name, ...rest) => name === file
  ? ts.createSourceFile(name, lines.join("\n"), ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
host.fileExists = (name) => name === file || fileExists(name);
const ofTypes = objects.map(() => []);
for (const { file: source, start, messageText } of ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))) {
  const line = source === undefined ? 0 : source.getLineAndCharacterOfPosition(start).line;
  ofTypes[ownerOf[line]].push(`${lines[line].trim()} ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
}

console.log(JSON.stringify(objects.map((_, index) => [...ofValidators[index], ...ofTypes[index]])));
