'use client';

import type { Problem } from '@gatehouse/contract';
import type { FormId } from '@gatehouse/contract/forms';
import { useEffect, useState } from 'react';
import { fieldErrors } from './api';
import { leavesOf, valueAt } from './leaves';
import { useSettled } from './use-settled';

/** Somebody who pauses for so long has written what they meant, for now. */
const SETTLED_MS = 300;

type ErrorOf = (path: string) => string | undefined;

/** What the server would say of each field, by its own schema, which is loaded with the first change. */
function useCheck(form: FormId, text: string, first: string): ErrorOf {
  const settled = useSettled(text, SETTLED_MS);
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    if (settled === first) return;
    let isOver = false;
    void import('@gatehouse/contract/forms').then(({ checkForm }) => {
      const errors = checkForm(form, JSON.parse(settled));
      if (!isOver) setFound(new Map(errors.toReversed().map(({ path, message }) => [path, message])));
    });
    return () => {
      isOver = true;
    };
  }, [form, settled, first]);
  // What is being written now is not judged by what stood there before.
  return (path) => (text === settled ? found.get(path) : undefined);
}

/** Fields that were changed once, by their path. */
function useTouched(text: string, first: string): ReadonlySet<string> {
  const [known, setKnown] = useState({ text: first, touched: new Set<string>() });
  if (known.text === text) return known.touched;
  const [before, now] = [leavesOf(JSON.parse(known.text)), leavesOf(JSON.parse(text))];
  const changed = [...now].filter(([path, value]) => before.get(path) !== value).map(([path]) => path);
  const touched = new Set([...known.touched, ...changed]);
  setKnown({ text, touched });
  return touched;
}

/**
 * What is wrong with single fields of a form: while it is written, of the fields that were changed; and what the server said
 * when it was sent, for as long as that still stands there.
 *
 * @param body what would be sent
 * @param problem what the server said of what was sent last
 */
export function useFormErrors(form: FormId, body: unknown, problem: Problem | null): ErrorOf {
  const text = JSON.stringify(body);
  const [first] = useState(text);
  const checked = useCheck(form, text, first);
  const touched = useTouched(text, first);
  const [refused, setRefused] = useState<{ readonly problem: Problem | null; readonly text: string }>({
    problem: null,
    text,
  });
  if (refused.problem !== problem) setRefused({ problem, text });
  const refusedOf = fieldErrors(problem);
  return (path) => {
    const stands = valueAt(JSON.parse(refused.text), path) === valueAt(JSON.parse(text), path);
    const said = stands ? refusedOf(path) : undefined;
    return said ?? (touched.has(path) || problem !== null ? checked(path) : undefined);
  };
}
