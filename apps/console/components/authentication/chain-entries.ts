import type { ChainDto } from '@gatehouse/contract';

export type Steps = ChainDto['steps'];
export type Group = Exclude<Steps[number], string>;

/** What ties the members of a group together, the usual first. */
export const BINDS = [
  'cn_username',
  'cn_clientid',
  'san_username',
  'san_clientid',
  'same_username',
  'none',
] as const satisfies readonly Group['bind'][];

/** A chain is steps that decide alone, and at its end perhaps a group whose members must all allow. */
export interface ChainParts {
  readonly alone: readonly string[];
  readonly group: Group | undefined;
}

export const partsOf = (steps: Steps): ChainParts => ({
  alone: steps.filter((step) => typeof step === 'string'),
  group: steps.find((step) => typeof step !== 'string'),
});

export const stepsOf = ({ alone, group }: ChainParts): Steps =>
  group === undefined ? [...alone] : [...alone, group];

/** The authenticators that a chain names. */
export const namesIn = (steps: Steps): readonly string[] =>
  steps.flatMap((step) => (typeof step === 'string' ? [step] : step.require));

export const isSame = (a: Steps, b: Steps): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A chain in a line. */
export const inWords = (steps: Steps): string =>
  steps.map((step) => (typeof step === 'string' ? step : step.require.join(' + '))).join(', ');
