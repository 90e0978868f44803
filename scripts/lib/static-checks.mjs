import { bin, root } from './run.mjs';

/** TypeScript 7: both versions bring a program `tsc`, and which of them npm links is chance. */
const compiler = `${root}node_modules/typescript-native/bin/tsc`;

/** Format, lint, types, directions, dead code, generated documents: what needs no server. */
export async function staticChecks(report) {
  await Promise.all([
    report.check('format (prettier)', bin('prettier'), ['--check', '--log-level=warn', '.']),
    (async () => {
      await report.check('types (tsc, console)', compiler, ['-p', 'apps/console', '--noEmit']);
      await report.check('types (tsc -b)', compiler, ['-b', 'tsconfig.json']);
      await report.check('lint (oxlint, typed)', bin('oxlint'), ['--deny-warnings']);
      await report.check('directions (dependency-cruiser)', bin('depcruise'), [
        'packages',
        'apps',
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'err',
      ]);
      await report.check('dead code (knip)', bin('knip'), ['--no-progress']);
      await report.check('generated documents', process.execPath, ['scripts/docs.mjs', '--check']);
    })(),
  ]);
}
