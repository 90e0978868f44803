'use client';

import { ChevronRight } from 'lucide-react';
import { useText } from '@/lib/i18n';
import { namedType, type AuthenticatorType } from './types';

interface TypeChoiceProps {
  readonly types: readonly AuthenticatorType[];
  readonly onChoose: (type: string) => void;
}

/** The types there are, and what each is for. */
export function TypeChoice({ types, onChoose }: TypeChoiceProps) {
  const t = useText('authentication');
  return (
    <ul className="grid gap-3 sm:grid-cols-2" aria-label={t('create.choose')}>
      {types.map(({ type }) => {
        const known = namedType(type);
        return (
          <li key={type}>
            <button
              type="button"
              onClick={() => onChoose(type)}
              className="card flex h-full w-full items-center gap-3 p-4 text-start hover:bg-hover"
            >
              <span className="min-w-0 flex-1">
                <span className="block font-semibold">
                  {known === undefined ? type : t(`types.${known}.name`)}
                </span>
                {known !== undefined && (
                  <span className="block text-sm text-muted">{t(`types.${known}.text`)}</span>
                )}
              </span>
              <ChevronRight aria-hidden className="size-4 shrink-0 text-faint" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
