// A run made of stages: each counts as one check, or brings the counts of the tests that it ran.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bin, root, run } from './run.mjs';

/** Collects results and prints one line per stage; failures print what the stage said. */
export class Report {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** What failed, by name: said again at the end, where the last lines of a long output are all that is looked at. */
  #failures = [];

  #line(mark, name, seconds, note = '') {
    process.stdout.write(`${mark} ${name.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s  ${note}\n`);
  }

  /** A command that is right or wrong as a whole. */
  async check(name, command, args, options) {
    const result = await run(command, args, options);
    if (result.code === 0) this.passed += 1;
    else {
      this.failed += 1;
      this.#failures.push(name);
      process.stdout.write(`${result.output}\n`);
    }
    this.#line(result.code === 0 ? '✓' : '✗', name, result.seconds);
    return result.code === 0;
  }

  /** A vitest run; its own counts are added. */
  async vitest(name, args, env = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-vitest-'));
    const file = join(folder, 'result.json');
    const result = await run(
      bin('vitest'),
      ['run', ...args, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
      { env },
    );
    const counts = readCounts(file);
    rmSync(folder, { recursive: true, force: true });
    // A run that fails without a failed test (no test found, a crash while collecting) must still fail.
    const failed = counts.failed === 0 && (result.code !== 0 || counts.passed === 0) ? 1 : counts.failed;
    this.passed += counts.passed;
    this.failed += failed;
    this.skipped += counts.skipped;
    if (failed > 0) {
      this.#failures.push(...(counts.failures.length > 0 ? counts.failures : [name]));
      process.stdout.write(`${result.output}\n`);
    }
    const note = `${counts.passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`;
    this.#line(failed === 0 ? '✓' : '✗', name, result.seconds, note);
  }

  /** Something needed that is not there: a failure in CI, a printed skip elsewhere. */
  missing(what) {
    const fatal = Boolean(process.env.CI);
    if (fatal) {
      this.failed += 1;
      this.#failures.push(`missing: ${what}`);
    } else this.skipped += 1;
    process.stdout.write(`${fatal ? '✗' : '–'} missing: ${what}\n`);
  }

  /** Prints the closing line and sets the exit code. */
  close() {
    if (this.#failures.length > 0)
      process.stdout.write(`\nFailed:\n${this.#failures.map((name) => `  ✗ ${name}\n`).join('')}`);
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    process.stdout.write(`\n${this.passed} passed, ${this.failed} failed${skipped}\n`);
    process.exitCode = this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

function readCounts(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: report.numPassedTests ?? 0,
      failed: report.numFailedTests ?? 0,
      skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
      failures: (report.testResults ?? []).flatMap(failuresOf),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] };
  }
}

/** The failed tests of a file; the file itself where it failed outside of them. */
function failuresOf({ name, status, assertionResults = [] }) {
  const file = relative(root, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length > 0) return failed.map(({ fullName }) => `${file}: ${fullName}`);
  return status === 'failed' ? [file] : [];
}
