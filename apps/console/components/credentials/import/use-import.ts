'use client';

import type { ImportResultDto } from '@gatehouse/contract';
import { useState } from 'react';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { messagesInPageLanguage } from '@/lib/server-text';
import { useAction } from '@/lib/use-action';
import { mediaTypeOf, NO_SOURCE, type ImportSource, type OnExisting } from './import-text';

export type ImportResult = ImportResultDto;

/** What is sent, the same for the check and for the import after it. */
interface Input {
  readonly text: string;
  readonly onExisting: OnExisting;
}

async function send({ text, onExisting }: Input, dryRun: boolean): Promise<ImportResult> {
  const result = await api.postText<ImportResult>(
    '/credentials/import',
    { type: mediaTypeOf(text), text: text.replace(/^\uFEFF/, '') },
    { query: { dryRun, onExisting } },
  );
  return { ...result, errors: await messagesInPageLanguage(result.errors) };
}

const isWritten = ({ errors }: ImportResult): boolean => errors.length === 0;

/** An import in two steps: a dry run, then exactly what was checked. A change of anything asks for a new check. */
export function useImport(onImported: () => void) {
  const t = useText('credentials');
  const [source, setSource] = useState<ImportSource>(NO_SOURCE);
  const [onExisting, setOnExisting] = useState<OnExisting>('fail');
  const check = useAction((input: Input) => send(input, true), { stale: [], toastProblems: false });
  const write = useAction((input: Input) => send(input, false), {
    stale: ['/credentials', '/stats', '/start-status'],
    toastProblems: false,
    onDone: (result) => {
      if (!isWritten(result)) return;
      showToast({ tone: 'good', text: t('import.done', countsOf(result)) });
      onImported();
    },
  });
  const forget = (): void => {
    check.reset();
    write.reset();
  };
  // What was free when it was checked may be taken now: then the import says so, and has written nothing.
  const result = write.data ?? check.data;
  const ready = result !== undefined && isWritten(result) && result.created + result.updated > 0;
  return {
    source,
    onExisting,
    result,
    ready,
    checking: check.isPending,
    writing: write.isPending,
    error: write.error ?? check.error,
    choose: (next: ImportSource) => {
      forget();
      setSource(next);
    },
    chooseOnExisting: (next: OnExisting) => {
      forget();
      setOnExisting(next);
    },
    check: () => {
      write.reset();
      check.mutate({ text: source.text, onExisting });
    },
    write: () => {
      if (check.variables !== undefined) write.mutate(check.variables);
    },
  };
}

export type Import = ReturnType<typeof useImport>;

const countsOf = ({ created, updated, skipped }: ImportResult) => ({ created, updated, skipped });
