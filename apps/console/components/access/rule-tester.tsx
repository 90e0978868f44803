'use client';

import type { AccessAnswerDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { OutcomeBadge } from '@/components/ui/outcome';
import { Card } from '@/components/ui/page';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
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
  readonly action: (typeof ACTIONS)[number];
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
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
const ACTIONS = ['publish', 'subscribe'] as const;

/** As the API wants it: the name goes by what it is. */
const bodyOf = ({ name, ...rest }: Question): object => ({
  ...rest,
  ...(name === '' ? {} : { [NAMED_BY[rest.type]]: name }),
});

/** "May this client do that?"; nothing is recorded. An answer goes when `rules`, which names those in force, changes. */
export function RuleTester({ rules }: { readonly rules: string }) {
  const t = useText('access');
  const [question, setQuestion] = useState(NOTHING);
  const body = bodyOf(question);
  const save = useSave(
    async () => ({ rules, answer: await api.post<AccessAnswerDto>('/acl-rules/try', body) }),
    { stale: [] },
  );
  const form = useForm('tryAccess', body, save);
  const change = (part: Partial<Question>): void => {
    setQuestion((now) => ({ ...now, ...part }));
    save.reset();
  };
  return (
    <Card title={t('tester.title')}>
      <Form form={form} className="flex flex-col gap-3 p-4">
        <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_9rem_1fr_8rem_2fr_5rem_auto]">
          <QuestionFields question={question} errorOf={form.errorOf} onChange={change} />
          <Button type="submit" busy={form.busy} className="justify-self-start lg:mt-6">
            {t('tester.ask')}
          </Button>
        </div>
        <div role="status">{save.data?.rules === rules && <Answer answer={save.data.answer} />}</div>
      </Form>
    </Card>
  );
}

interface QuestionFieldsProps {
  readonly question: Question;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<Question>) => void;
}

/** Who, and what. */
function QuestionFields({ question, errorOf, onChange }: QuestionFieldsProps) {
  const t = useText('access');
  const { type } = question;
  return (
    <>
      <TextField
        label={t('tester.clientId')}
        value={question.clientId}
        error={errorOf('clientId')}
        onChange={(clientId) => onChange({ clientId })}
      />
      <ChoiceField
        label={t('tester.type')}
        value={type}
        options={TYPES.map((one) => [one, t(`tester.types.${one}`)])}
        onChange={(text) => onChange({ type: TYPES.find((one) => one === text) ?? 'basic' })}
      />
      <TextField
        label={t(`tester.${NAMED_BY[type]}`)}
        value={question.name}
        error={errorOf(NAMED_BY[type])}
        onChange={(name) => onChange({ name })}
      />
      <ChoiceField
        label={t('action')}
        value={question.action}
        options={ACTIONS.map((one) => [one, t(`actionNames.${one}`)])}
        onChange={(text) => onChange({ action: ACTIONS.find((one) => one === text) ?? 'publish' })}
      />
      <TextField
        label={t('tester.topic')}
        value={question.topic}
        error={errorOf('topic')}
        onChange={(topic) => onChange({ topic })}
      />
      <ChoiceField
        label={t('tester.qos')}
        value={String(question.qos)}
        options={LEVELS.map((level) => [String(level), String(level)])}
        onChange={(text) => onChange({ qos: LEVELS.find((level) => String(level) === text) ?? 0 })}
      />
    </>
  );
}

interface ChoiceFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

const ChoiceField = ({ label, value, options, onChange }: ChoiceFieldProps) => (
  <Field label={label}>
    {(ids) => (
      <Select {...ids} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

const TextField = ({ label, value, error, onChange }: TextFieldProps) => (
  <Field label={label} error={error}>
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
