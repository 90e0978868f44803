'use client';

import { useEffect, useState } from 'react';
import type { FieldErrors } from './errors-that-stand';
import type { FormState } from './use-form';

/** What is said of fields that a form does not show. */
export function useUnplaced(form: FormState): FieldErrors {
  const [unplaced, setUnplaced] = useState<FieldErrors>([]);
  // Only what has been drawn is known to be shown.
  useEffect(() => {
    const found = form.unplaced();
    setUnplaced((known) => (JSON.stringify(known) === JSON.stringify(found) ? known : found));
  });
  return unplaced;
}
