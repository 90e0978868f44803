'use client';

import type { ReactNode } from 'react';
import type { FormState } from '@/lib/use-form';
import { langOf } from '@/lib/told';
import { useProblemTitle } from '@/lib/use-problem-title';
import { useUnplaced } from '@/lib/use-unplaced';
import { ProblemNotice } from './problem-notice';
import { Notice } from './states';

interface FormProps {
  readonly form: FormState;
  /** For a button that stands outside. */
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A form that says itself what is wrong with it: at the fields, and above them what no field shows. Enter sends it, once. */
export function Form({ form, id, className, children }: FormProps) {
  return (
    <form
      ref={form.ref}
      id={id}
      noValidate
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      <FormNotice form={form} />
      {children}
    </form>
  );
}

/** What the server calls it, of which it was not asked. */
const INVALID = { code: 'invalid-input', title: 'The input is not valid' };

/** What is said against the whole form, and of fields that are not there to be seen, by their names. */
function FormNotice({ form }: { readonly form: FormState }) {
  const titleOf = useProblemTitle();
  const unplaced = useUnplaced(form);
  const isWhole = form.problem !== null && form.problem.errors === undefined;
  if (!isWhole && unplaced.length === 0) return null;
  return (
    <div className="col-span-full flex flex-col gap-2">
      <ProblemNotice problem={isWhole ? form.problem : null} />
      {unplaced.length > 0 && (
        <Notice tone="danger">
          <div role="alert">
            <p>{titleOf(isWhole ? INVALID : (form.problem ?? INVALID))}:</p>
            <ul>
              {unplaced.map(({ path, message }) => (
                <li key={`${path} ${message}`}>
                  {path !== '' && <span className="mono">{path}</span>}{' '}
                  <span lang={langOf(message)}>{message}</span>
                </li>
              ))}
            </ul>
          </div>
        </Notice>
      )}
    </div>
  );
}
