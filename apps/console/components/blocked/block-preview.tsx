'use client';

import type { BlockPreviewDto } from '@gatehouse/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { Notice } from '@/components/ui/states';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useProblemTitle } from '@/lib/use-problem-title';
import { useSettled } from '@/lib/use-settled';
import type { BlockChoice } from './kinds';

/** Milliseconds without a keystroke before the server is asked. */
const SETTLE_MS = 300;

/** Whom a block would meet, or what is wrong with its target. */
export function useBlockPreview(target: BlockChoice) {
  const { kind, value } = useSettled(target, SETTLE_MS);
  const preview = useQuery({
    queryKey: ['/blocked-clients/preview', kind, value],
    queryFn: ({ signal }) =>
      api.post<BlockPreviewDto>('/blocked-clients/preview', { kind, value }, { signal }),
    enabled: value !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  const problem = preview.isError ? problemOf(preview.error) : null;
  const isOfThis = kind === target.kind && value === target.value && value !== '';
  return {
    preview,
    problem,
    fieldError: isOfThis && problem !== null ? fieldErrors(problem)('value') : undefined,
  };
}

interface BlockPreviewProps {
  readonly value: string;
  readonly shown: ReturnType<typeof useBlockPreview>;
}

/** Whom the block would meet: nobody is to lock himself out unawares. What is wrong with a field stands there. */
export function BlockPreview({ value, shown: { preview, problem } }: BlockPreviewProps) {
  const titleOf = useProblemTitle();
  const t = useText('blocked');
  if (value === '') return <p className="text-sm text-muted">{t('preview.nothing')}</p>;
  if (problem !== null) {
    if (fieldErrors(problem)('value') !== undefined) return null;
    return (
      <Notice tone="warning">
        <span role="status">{problem.detail ?? titleOf(problem)}</span>
      </Notice>
    );
  }
  return (
    <div role="status" aria-busy={preview.isFetching}>
      {preview.data === undefined ? (
        <p className="text-sm text-muted">{t('preview.asking')}</p>
      ) : (
        <Met preview={preview.data} />
      )}
    </div>
  );
}

function Met({ preview }: { readonly preview: BlockPreviewDto }) {
  const t = useText('blocked');
  const { openSessions, refusedClients, existing } = preview;
  const isClosing = openSessions.count > 0;
  const plus = (isExact: boolean): string => (isExact ? 'no' : 'yes');
  return (
    <Notice
      tone={isClosing ? 'danger' : 'neutral'}
      icon={isClosing ? <TriangleAlert aria-hidden className="text-refused" /> : undefined}
    >
      <ul className="flex flex-col gap-1">
        {existing !== null && <li>{t('preview.existing')}</li>}
        <li>
          <VisibleSentence
            text={t('preview.sessions', {
              count: openSessions.count,
              more: plus(openSessions.countIsExact),
              examples: openSessions.examples.join(', '),
            })}
          />
        </li>
        <li>
          {refusedClients === null
            ? t('preview.uncounted')
            : t('preview.refused', {
                count: refusedClients.count,
                more: plus(refusedClients.countIsExact),
              })}
        </li>
      </ul>
    </Notice>
  );
}
