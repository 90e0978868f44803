// docs/reference/conformance.md: every normative statement of the standards, and the tests whose titles name it. Fails
// where a statement that binds servers has no test, and where a title names a statement that does not exist.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { cell, emit } from './lib/generated.mjs';
import { root } from './lib/run.mjs';

const TESTS = 'packages/broker/test';
const VERSIONS = [
  { tag: 'v5.0', title: 'MQTT 5.0', constant: 'STATEMENTS_5_0' },
  { tag: 'v3.1.1', title: 'MQTT 3.1.1', constant: 'STATEMENTS_3_1_1' },
];
const BOUND = { server: 'server', client: 'client only', both: 'both' };

const problems = [];
const parse = (path) =>
  ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);

/** Calls back with every node of a tree. */
function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** The catalogue of one version, read from its source: the data is checked by the compiler, not here. */
function readStatements({ tag, constant }) {
  const statements = new Map();
  const texts = new Map();
  const textOf = (node) => (ts.isIdentifier(node) ? texts.get(node.text) : node.text);
  const read = (call) => {
    const name = call.expression.getText();
    if (name === 'held') return { ...read(call.arguments[0]), heldBy: textOf(call.arguments[1]) };
    return { binds: name, requires: textOf(call.arguments[0]) };
  };
  walk(parse(`${TESTS}/conformance/statements-${tag.slice(1)}.ts`), (node) => {
    if (!ts.isVariableDeclaration(node) || node.initializer === undefined) return;
    if (node.name.getText() === constant) {
      for (const property of node.initializer.properties) {
        statements.set(property.name.text, { ...read(property.initializer), tests: [] });
      }
    } else if (ts.isStringLiteralLike(node.initializer))
      texts.set(node.name.getText(), node.initializer.text);
  });
  return statements;
}

/** `test(…)`, `test.each(…)(…)` and their like. */
const isTest = (call) => /^(test|it)\b/.test(call.expression.getText());

/** The titles of one file, with the version tag that stands before each statement. */
function readTitles(path) {
  const titles = [];
  walk(parse(path), (node) => {
    if (!ts.isCallExpression(node) || !isTest(node)) return;
    const [title] = node.arguments;
    if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
  });
  return titles;
}

/** What a title has beside its words: statements with their version, and which of several cases it is. */
const STATEMENT_OR_CASE = /v(?:5\.0|3\.1\.1) (?=\[MQTT-)|\[MQTT-[^\]]*\] ?| \((?:level )?%\w\)/g;

/** Notes a test with each statement that its title names: `v5.0 [MQTT-1.2.3-4] … v3.1.1 [MQTT-1.2.3-4] what it shows`. */
function noteTitle(catalogue, path, title) {
  let tag;
  const name = title.replaceAll(STATEMENT_OR_CASE, '').replaceAll(/%\w/g, '…').trim();
  for (const [token] of title.matchAll(/v(?:5\.0|3\.1\.1)(?= \[MQTT-)|\[MQTT-[^\]]*\]/g)) {
    if (token.startsWith('v')) {
      tag = token;
      continue;
    }
    const number = token.slice('[MQTT-'.length, -1);
    const statement = catalogue.get(tag)?.get(number);
    if (statement === undefined) problems.push(`${path}: ${tag ?? 'no version before'} ${token}: unknown`);
    else statement.tests.push({ path, name });
  }
}

function testCell({ binds, tests, heldBy }) {
  if (tests.length > 0) {
    return tests
      .map(({ path, name }) => `${cell(name)} ([${path.slice(TESTS.length + 1)}](../../${path}))`)
      .join('<br>');
  }
  if (heldBy !== undefined) return `not observable: ${cell(heldBy)}`;
  return binds === 'client' ? 'client only' : '';
}

const chapterOf = (number) => number.split('.')[0];

function chapterTable(chapter, statements) {
  const rows = [...statements].filter(([number]) => chapterOf(number) === chapter);
  const lines = rows.map(([number, statement]) => {
    const { requires, binds } = statement;
    return `| \`[MQTT-${number}]\` | ${cell(requires)} | ${BOUND[binds]} | ${testCell(statement)} |`;
  });
  return `### Chapter ${chapter}

| statement | requires | binds | test |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}

function versionSection({ tag, title }, statements) {
  const chapters = [...new Set([...statements.keys()].map(chapterOf))];
  const serverBound = [...statements.values()].filter(({ binds }) => binds !== 'client');
  const tested = serverBound.filter(({ tests }) => tests.length > 0).length;
  for (const [number, statement] of statements) {
    if (testCell(statement) === '') problems.push(`${tag} [MQTT-${number}]: no test names it`);
    if (statement.heldBy !== undefined && statement.tests.length > 0) {
      problems.push(`${tag} [MQTT-${number}]: has a test and says that it cannot be observed`);
    }
  }
  return `## ${title}

${statements.size} statements, of which ${serverBound.length} bind a server. Of these ${tested} are tested from outside;
${serverBound.length - tested} cannot be observed there and say what holds them.

${chapters.map((chapter) => chapterTable(chapter, statements)).join('\n')}`;
}

const catalogue = new Map(VERSIONS.map((version) => [version.tag, readStatements(version)]));
const files = readdirSync(join(root, TESTS), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.test.ts'))
  .sort()
  .map((name) => `${TESTS}/${name}`);
for (const path of files) for (const title of readTitles(path)) noteTitle(catalogue, path, title);

const page = `<!-- Generated by scripts/docs-conformance.mjs from packages/broker/test; edit there. -->

# Conformance

Every numbered normative statement of the two OASIS standards, in this project's words, with the tests that prove it
against a running broker. A test's title names its statements; \`npm run docs\` joins them, and \`npm test\` fails when a
statement that binds a server has no test or a title names one that does not exist.

${VERSIONS.map((version) => versionSection(version, catalogue.get(version.tag))).join('\n')}
MQTT 3.1 has no numbered statements; its tests are in
[conformance/mqtt-3.1.test.ts](../../packages/broker/test/conformance/mqtt-3.1.test.ts).
`;
await emit('docs/reference/conformance.md', page);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
