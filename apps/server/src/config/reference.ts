import { environmentName } from './sources.ts';
import { SETTABLE, SETTINGS, type Setting } from './settings.ts';

const settable = new Set(SETTABLE.map((setting) => setting.path));
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text}\``;

function row(setting: Setting): string {
  const fallback = setting.fallback === undefined ? '' : code(JSON.stringify(setting.fallback));
  const env = settable.has(setting.path) ? `<br>${code(environmentName(setting.path))}` : '';
  return `| ${code(setting.path)}${env} | ${fallback} | ${cell(setting.accepts)} | ${cell(setting.doc)} |`;
}

function section(title: string, doc: string, settings: readonly Setting[]): string[] {
  if (settings.length === 0) return [];
  return [
    `## ${title}`,
    '',
    ...(doc === '' ? [] : [doc, '']),
    '| key | default | accepted | meaning |',
    '|---|---|---|---|',
    ...settings.map(row),
    '',
  ];
}

/** `docs/reference/configuration.md`: every key, from the schema that checks it. */
export function configurationReference(): string {
  const leaves = SETTINGS.filter((setting) => setting.kind !== 'group');
  const groups = SETTINGS.filter((setting) => setting.kind === 'group' && !/\[\]|\*/.test(setting.path));
  const groupOf = (setting: Setting): string =>
    groups
      .filter((one) => setting.path.startsWith(`${one.path}.`))
      .reduce((longest, one) => (one.path.length > longest.length ? one.path : longest), '');
  const lines = [
    '# Configuration',
    '',
    '<!-- Generated from apps/server/src/config/schema.ts by `npm run docs`; do not edit. -->',
    '',
    'One YAML file: `--config FILE`, else `GATEHOUSE_CONFIG`, else `./gatehouse.yaml`, else the defaults below. Every key can be set by',
    'environment (name below its path) and by `--set path=value`; values are read as YAML. The command line wins over the environment, which',
    'wins over the file. `gatehouse check` reads all and lists every problem at once; a wrong configuration ends with exit code 2.',
    '',
    ...section(
      'Top level',
      '',
      leaves.filter((setting) => groupOf(setting) === ''),
    ),
    ...groups.flatMap((one) =>
      section(
        code(one.path),
        one.doc,
        leaves.filter((setting) => groupOf(setting) === one.path),
      ),
    ),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
