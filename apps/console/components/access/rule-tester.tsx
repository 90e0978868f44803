'use client';

import type { AccessAnswerDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { OutcomeBadge } from '@/components/ui/outcome';
import { Card } from '@/components/ui/page';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { Decider } from './decider';

const TYPES = ['basic', 'scram', 'x509', 'psk'] as const;
type Type = (typeof TYPES)[number];

/** The field that a client of this type is named by, beside its client ID. */
const NAMED_BY = { basic: 'username', scram: 'username', x509: 'commonName', psk: 'pskIdentity' } as const;

interface Question {
  readonly clientId: string;
  readonly type: Type;
  /** A username, common name or identity: as its type has it. */
  readonly name: string;
  readonly action: 'publish' | 'subscribe';
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
}

interface Asked {
  readonly question: Question;
  readonly rules: string;
}

const NOTHING: Question = {
  clientId: '',
  type: 'basic',
  name: '',
  action: 'publish',
  topic: '',
  qos: 0,
};
const LEVELS = [0, 1, 2] as const;

/** "May this client do that?"; nothing is recorded. An answer goes when `rules`, which names those in force, changes. */
export function RuleTester({ rules }: { readonly rules: string }) {
  const t = useText('access');
  const [question, setQuestion] = useState(NOTHING);
  const ask = useAction(
    ({ question: { name, ...rest } }: Asked) =>
      api.post<AccessAnswerDto>('/acl-rules/try', {
        ...rest,
        ...(name === '' ? {} : { [NAMED_BY[rest.type]]: name }),
      }),
    { stale: [], toastProblems: false },
  );
  const change = (part: Partial<Question>): void => {
    setQuestion((now) => ({ ...now, ...part }));
    ask.reset();
  };
  const problem = ask.error === null ? null : problemOf(ask.error);
  return (
    <Card title={t('tester.title')}>
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (question.topic !== '' && !ask.isPending) ask.mutate({ question, rules });
        }}
      >
        <div className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_9rem_1fr_8rem_2fr_5rem_auto]">
          <TextField
            label={t('tester.clientId')}
            value={question.clientId}
            onChange={(clientId) => change({ clientId })}
          />
          <Field label={t('tester.type')}>
            {(ids) => (
              <Select
                {...ids}
                value={question.type}
                onChange={(event) =>
                  change({ type: TYPES.find((type) => type === event.target.value) ?? 'basic' })
                }
              >
                {TYPES.map((type) => (
                  <option key={type} value={type}>
                    {t(`tester.types.${type}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <TextField
            label={t(`tester.${NAMED_BY[question.type]}`)}
            value={question.name}
            onChange={(name) => change({ name })}
          />
          <Field label={t('action')}>
            {(ids) => (
              <Select
                {...ids}
                value={question.action}
                onChange={(event) =>
                  change({ action: event.target.value === 'subscribe' ? 'subscribe' : 'publish' })
                }
              >
                <option value="publish">{t('actionNames.publish')}</option>
                <option value="subscribe">{t('actionNames.subscribe')}</option>
              </Select>
            )}
          </Field>
          <TextField
            label={t('tester.topic')}
            value={question.topic}
            onChange={(topic) => change({ topic })}
          />
          <Field label={t('tester.qos')}>
            {(ids) => (
              <Select
                {...ids}
                value={question.qos}
                onChange={(event) =>
                  change({ qos: LEVELS.find((level) => String(level) === event.target.value) ?? 0 })
                }
              >
                {LEVELS.map((level) => (
                  <option key={level} value={level}>
                    {level}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Button type="submit" busy={ask.isPending} disabled={question.topic === ''}>
            {t('tester.ask')}
          </Button>
        </div>
        <ProblemNotice problem={problem} />
        <div role="status">
          {ask.data !== undefined && ask.variables.rules === rules && <Answer answer={ask.data} />}
        </div>
      </form>
    </Card>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const TextField = ({ label, value, onChange }: TextFieldProps) => (
  <Field label={label}>
    {(ids) => (
      <Input {...ids} className="mono" value={value} onChange={(event) => onChange(event.target.value)} />
    )}
  </Field>
);

function Answer({ answer }: { readonly answer: AccessAnswerDto }) {
  const t = useText('access');
  return (
    <div className="flex flex-col gap-1 rounded-md border border-line bg-sunken px-3 py-2">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <OutcomeBadge outcome={answer.allowed ? 'allow' : 'deny'} />
        <Decider by={answer.by} rule={answer.rule} />
      </p>
      <p className="text-xs text-muted">
        {t(`tester.basis.${answer.basis}`)}
        {answer.asksSource && ` ${t('tester.asksSource')}`}
      </p>
    </div>
  );
}
