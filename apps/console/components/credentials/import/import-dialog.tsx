'use client';

import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { ErrorState } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import { ImportOutcome } from './import-outcome';
import { ImportSourceFields } from './import-source';
import { CSV_EXAMPLE, isSendable, JSON_EXAMPLE, ON_EXISTING } from './import-text';
import { useImport, type Import } from './use-import';

/** Credentials from CSV or JSON: first what would become of each row, then all of it or nothing. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText('credentials');
  const flow = useImport(onClose);
  const busy = flow.checking || flow.writing;
  return (
    <Dialog
      open
      size="lg"
      sticky={flow.writing}
      onClose={onClose}
      title={t('import.title')}
      description={t('import.subtitle')}
      footer={<Buttons flow={flow} onClose={onClose} />}
    >
      <div className="flex flex-col gap-4">
        <ImportSourceFields source={flow.source} disabled={busy} onChange={flow.choose} />
        <OnExistingField flow={flow} disabled={busy} />
        <Examples />
        <div aria-live="polite">
          {flow.error !== null && <ErrorState error={flow.error} />}
          {flow.error === null && flow.result !== undefined && <ImportOutcome result={flow.result} />}
        </div>
      </div>
    </Dialog>
  );
}

function Buttons({ flow, onClose }: { readonly flow: Import; readonly onClose: () => void }) {
  const t = useText('credentials');
  const common = useText('common');
  const { source, result, ready } = flow;
  return (
    <>
      <Button onClick={onClose} disabled={flow.writing}>
        {common('cancel')}
      </Button>
      <Button
        tone={ready ? 'neutral' : 'primary'}
        busy={flow.checking}
        disabled={!isSendable(source) || flow.writing}
        onClick={flow.check}
      >
        {t('import.check')}
      </Button>
      <Button
        tone={ready ? 'primary' : 'neutral'}
        busy={flow.writing}
        disabled={!ready || flow.checking}
        onClick={flow.write}
      >
        {ready && result !== undefined
          ? t('import.submitCount', { count: result.created + result.updated })
          : t('import.submit')}
      </Button>
    </>
  );
}

function OnExistingField({ flow, disabled }: { readonly flow: Import; readonly disabled: boolean }) {
  const t = useText('credentials');
  return (
    <Field label={t('import.onExisting')} hint={t(`import.${flow.onExisting}Hint`)}>
      {(ids) => (
        <Select
          {...ids}
          className="self-start"
          disabled={disabled}
          value={flow.onExisting}
          onChange={({ target }) =>
            flow.chooseOnExisting(ON_EXISTING.find((one) => one === target.value) ?? 'fail')
          }
        >
          {ON_EXISTING.map((one) => (
            <option key={one} value={one}>
              {t(`import.${one}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function Examples() {
  const t = useText('credentials');
  return (
    <details className="rounded-md border border-line px-3 py-2">
      <summary className="min-h-6 cursor-pointer text-sm">{t('import.examples')}</summary>
      <div className="mt-3 flex flex-col gap-3">
        <p className="text-xs text-muted">{t('import.examplesHint')}</p>
        <CodeBlock code={CSV_EXAMPLE} label={t('import.csvExample')} />
        <CodeBlock code={JSON_EXAMPLE} label={t('import.jsonExample')} />
      </div>
    </details>
  );
}
