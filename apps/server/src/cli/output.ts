import { safe } from '../safe-text.ts';
import type { CliIo } from './io.ts';

/** How a command answers: data as JSON for programs, or lines for people. */
export interface Output {
  readonly json: boolean;
  /** `data` with `--json`, else the lines. */
  answer(data: unknown, lines: () => readonly string[]): void;
  /** For people, on standard error; also with `--json`. */
  note(text: string): void;
}

export function createOutput(io: CliIo, json: boolean): Output {
  return {
    json,
    answer: (data, lines) => {
      const text = json ? JSON.stringify(data, null, 2) : lines().join('\n');
      if (text !== '') io.stdout(`${text}\n`);
    },
    note: (text) => io.stderr(`${text}\n`),
  };
}

/** Characters of a cell that are shown. */
const CELL_CHARACTERS_MAX = 48;

const cell = (value: string | number | boolean | null): string => {
  const text = value === null ? '–' : safe(String(value));
  return text.length > CELL_CHARACTERS_MAX ? `${text.slice(0, CELL_CHARACTERS_MAX - 1)}…` : text;
};

const LABEL_CHARACTERS = 26;

/** One thing's fields, a line each. */
export const factLines = (facts: object): readonly string[] =>
  Object.entries(facts).map(
    ([key, value]) =>
      `${key.padEnd(LABEL_CHARACTERS)}${value === null ? '–' : safe(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );

/** Rows under their headings, columns as wide as they need. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): readonly string[] {
  const cells = [headings, ...rows.map((row) => row.map(cell))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
