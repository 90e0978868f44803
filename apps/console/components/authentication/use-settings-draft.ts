'use client';

import type { Problem } from '@gatehouse/contract';
import { useState } from 'react';
import { useText, type Text } from '@/lib/i18n';
import { isTree, valueAt, withValue, type SchemaNode, type Tree } from './schema';
import { validate, type Fault } from './validate';

const UNTOUCHED: ReadonlySet<string> = new Set();
const PREFIX = 'settings.';

type FieldProblem = NonNullable<Problem['errors']>[number];

/** Settings as they are being written, and what schema and server say against them. */
export interface SettingsDraft {
  readonly schema: SchemaNode;
  readonly settings: Tree;
  /** Changes when all fields are to show what is in `settings` anew. */
  readonly generation: number;
  readonly problem: Problem | null;
  /** What is wrong with the setting at a dotted path, in words. */
  readonly errorOf: (path: string) => string | undefined;
  /** What the server says against no setting that has a field here. */
  readonly unplaced: readonly FieldProblem[];
  readonly change: (path: string, value: unknown) => void;
  readonly discard: () => void;
  readonly setProblem: (problem: Problem | null) => void;
  /** True when the schema finds nothing wrong; otherwise what it found shows from now on. */
  readonly isReady: () => boolean;
}

/** Holds the draft of an authenticator's settings. */
export function useSettingsDraft(schema: SchemaNode, initial: Tree): SettingsDraft {
  const t = useText('authentication');
  const [settings, setSettings] = useState(initial);
  const [touched, setTouched] = useState(UNTOUCHED);
  const [tried, setTried] = useState(false);
  const [generation, setGeneration] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const faults = validate(schema, settings);
  return {
    schema,
    settings,
    generation,
    problem,
    errorOf: (path) => {
      const told = problem?.errors?.find((one) => isAbout(one, path));
      const fault = tried || touched.has(path) ? faults.get(path) : undefined;
      return told === undefined ? fault && faultText(t, fault) : wordsOf(told, path);
    },
    unplaced: (problem?.errors ?? []).filter((one) => !hasField(schema, one)),
    change: (path, value) => {
      setSettings((now) => withValue(now, path, value));
      setTouched((now) => new Set(now).add(path));
      setProblem((now) => withoutErrors(now, path));
    },
    discard: () => {
      setSettings(initial);
      setTouched(UNTOUCHED);
      setTried(false);
      setProblem(null);
      setGeneration((now) => now + 1);
    },
    setProblem,
    isReady: () => {
      setTried(true);
      return faults.size === 0;
    },
  };
}

const faultText = (t: Text, { key, bound = 0, at = '', column = 0, name = '' }: Fault): string => {
  const where = at === '' || key === 'jsonLine' ? '' : `${at}: `;
  return where + t(`invalid.${key}`, { bound, line: at, column, name });
};

/** An entry of a list or a map has its field in that of the whole. */
const isAbout = ({ path }: FieldProblem, field: string): boolean =>
  path === `${PREFIX}${field}` || path.startsWith(`${PREFIX}${field}.`);

/** With the place within a list or map that it is about. */
const wordsOf = ({ path, message }: FieldProblem, field: string): string => {
  const rest = path.slice(PREFIX.length + field.length + 1);
  return rest === '' ? message : `${rest}: ${message}`;
};

const withoutErrors = (problem: Problem | null, field: string): Problem | null => {
  const left = problem?.errors?.filter((one) => !isAbout(one, field)) ?? [];
  return problem === null || left.length === 0 ? null : { ...problem, errors: left };
};

function hasField(schema: SchemaNode, { path }: FieldProblem): boolean {
  const [top = ''] = path.slice(PREFIX.length).split('.');
  return path.startsWith(PREFIX) && top !== 'type' && Object.hasOwn(schema.properties ?? {}, top);
}

/** What the effective value of a setting is: as written, or the default. */
export const effective = (settings: Tree, path: string, node: SchemaNode): unknown =>
  valueAt(settings, path) ?? node.default;

/** Settings as they are sent: groups that are empty because everything in them is the default are left out. */
export const toSend = (settings: Tree): Tree =>
  Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !(name === 'tls' && isTree(value) && Object.keys(value).length === 0),
    ),
  );
