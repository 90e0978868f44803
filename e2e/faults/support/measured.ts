import { appendFileSync } from 'node:fs';

/** Where `npm run faults` wants to read what was measured; it prints it. */
const FILE = process.env['FAULT_RESULTS'];

/** Says what a row measured, beside whether it holds. */
export function measured(row: string, facts: Readonly<Record<string, number | string>>): void {
  if (FILE !== undefined) appendFileSync(FILE, `${JSON.stringify({ row, ...facts })}\n`);
}

/** Milliseconds as seconds with one decimal. */
export const seconds = (ms: number): number => Math.round(ms / 100) / 10;
