'use client';

import type { Problem } from '@gatehouse/contract';
import type { FormId } from '@gatehouse/contract/forms';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { errorsThatStand, isWithin, type FieldErrors, type Found } from './errors-that-stand';
import { focusInvalid } from './focus-invalid';
import { leavesOf } from './leaves';
import { useSettled } from './use-settled';

/** Somebody who pauses for so long has written what they meant, for now. */
const SETTLED_MS = 300;

type ErrorOf = (path: string) => string | undefined;
/** What is wrong with a body: of a form of the API by its name, of another by a function. */
type Check = FormId | ((body: unknown) => FieldErrors);

/** The write that a form stands for, as `useSave` makes it. */
interface Save {
  readonly problem: Problem | null;
  readonly busy: boolean;
  readonly send: () => void;
}

/** A form as it is being written, and what is to be said of it. */
export interface FormState {
  /** What is wrong with the field at a path, or with a part of it. */
  readonly errorOf: ErrorOf;
  /** What is said of fields that `errorOf` was not asked about: to be read once the form is drawn. */
  readonly unplaced: () => FieldErrors;
  readonly problem: Problem | null;
  readonly busy: boolean;
  /** Of the `<form>`: where the focus goes to what is wrong. */
  readonly ref: RefObject<HTMLFormElement | null>;
  /** Sends it, or shows all that is wrong and goes to the first of it. */
  readonly submit: () => void;
  /** Told the body that the next round begins with, together with what draws it. */
  readonly renew: (body: unknown) => void;
}

async function find(check: Check, text: string): Promise<Found> {
  const body: unknown = JSON.parse(text);
  if (typeof check === 'function') return { text, errors: check(body) };
  const [{ checkForm }, { messagesInPageLanguage }] = await Promise.all([
    import('@gatehouse/contract/forms'),
    import('./server-text'),
  ]);
  return { text, errors: await messagesInPageLanguage(checkForm(check, body)) };
}

const NOTHING: FieldErrors = [];
/** An empty text, as JSON. */
const EMPTY = '""';

/** Fields that were changed once, by their path. */
function useTouched(text: string, first: string) {
  const [known, setKnown] = useState({ text: first, touched: new Set<string>() });
  /** As untouched as at first, once the body is this. */
  const renew = (body: unknown): void => setKnown({ text: JSON.stringify(body), touched: new Set() });
  if (known.text === text) return { touched: known.touched, renew };
  const [before, now] = [leavesOf(JSON.parse(known.text)), leavesOf(JSON.parse(text))];
  // A field that has just been added is empty, and nobody has been there yet.
  const changed = [...now]
    .filter(([path, value]) => (before.get(path) ?? EMPTY) !== value)
    .map(([path]) => path);
  const touched = new Set([...known.touched, ...changed]);
  setKnown({ text, touched });
  return { touched, renew };
}

/** What the server said of what was sent last, with what was sent. */
function useRefused(problem: Problem | null, text: string): Found {
  const [refused, setRefused] = useState({ problem, text });
  if (refused.problem !== problem) setRefused({ problem, text });
  return { text: refused.text, errors: problem?.errors ?? NOTHING };
}

/** Asks `check` about what is written: once it has been touched and stays, and before it is sent. */
function useChecked(check: Check, text: string, isAsked: boolean) {
  const settled = useSettled(text, SETTLED_MS);
  const [found, setFound] = useState<Found>({ text, errors: NOTHING });
  const latest = useRef(check);
  useEffect(() => {
    latest.current = check;
  });
  useEffect(() => {
    if (!isAsked) return;
    let isOver = false;
    const tell = (now: Found): void => {
      if (!isOver) setFound(now);
    };
    // A server that is away says so when the form is sent.
    void find(latest.current, settled).then(tell, () => undefined);
    return () => {
      isOver = true;
    };
  }, [settled, isAsked]);
  return [found, setFound] as const;
}

/**
 * A form that says what is wrong while it is written: of fields that were changed, by the server's own schema, which is loaded
 * with the first change; of all of them when it is sent; and what the server said, for as long as that still stands there.
 *
 * @param body what would be sent
 * @param faults what is known of fields besides, in words; with any of them nothing is sent
 * @example const form = useForm('createInvitation', body, useSave(() => api.post('/invitations', body), …));
 */
export function useForm(
  check: Check,
  body: unknown,
  save: Save,
  faults: Readonly<Record<string, string | undefined>> = {},
): FormState {
  const text = JSON.stringify(body);
  const [first] = useState(text);
  const [isTried, setTried] = useState(false);
  const ref = useRef<HTMLFormElement>(null);
  const isChecking = useRef(false);
  const { touched, renew } = useTouched(text, first);
  const [found, setFound] = useChecked(check, text, isTried || touched.size > 0);
  const refused = useRefused(save.problem, text);
  useEffect(() => {
    if (save.problem !== null) focusInvalid(ref.current);
  }, [save.problem]);
  const isShown = (path: string): boolean =>
    isTried ||
    save.problem !== null ||
    [...touched].some((one) => isWithin(one, path) || isWithin(path, one));
  const shown: FieldErrors = [
    ...Object.entries(faults).flatMap(([path, message]) =>
      message === undefined ? [] : [{ path, message }],
    ),
    ...errorsThatStand(refused, text),
    ...errorsThatStand(found, text).filter(({ path }) => isShown(path)),
  ];
  const asked = new Set<string>();
  const submit = async (): Promise<void> => {
    if (save.busy || isChecking.current) return;
    isChecking.current = true;
    // What cannot be checked here is sent all the same: the server checks it too.
    const now = await find(check, text).catch((): Found => ({ text, errors: NOTHING }));
    isChecking.current = false;
    const isGood = now.errors.length === 0 && Object.values(faults).every((fault) => fault === undefined);
    setFound(now);
    setTried(!isGood);
    if (isGood) save.send();
    else focusInvalid(ref.current);
  };
  return {
    errorOf: (path) => {
      asked.add(path);
      return shown.find((one) => isWithin(one.path, path))?.message;
    },
    unplaced: () => shown.filter(({ path }) => ![...asked].some((one) => isWithin(path, one))),
    problem: save.problem,
    busy: save.busy,
    ref,
    submit: () => void submit(),
    renew,
  };
}
