'use client';

import type { RevertPreviewDto } from '@gatehouse/contract';
import { Button } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState, Notice, Skeleton } from '@/components/ui/states';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { revertPreviewResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useResource } from '@/lib/use-resource';
import { useSettingLabel } from './field-parts';
import { isTree } from './schema';
import { useRevert } from './use-revert';

type Field = RevertPreviewDto['fields'][number];

const VALUE_SHOWN_MAX = 200;
const COLUMNS = ['setting', 'now', 'back'] as const;

interface RevertDialogProps {
  /** Of the chain, authenticator or policy, under the API. */
  readonly path: string;
  /** Further paths whose data a revert makes old. */
  readonly stale?: readonly string[];
  readonly onClose: () => void;
}

/** Shows what comes back, and whose change it undoes, before it is done. */
export function RevertDialog({ path, stale, onClose }: RevertDialogProps) {
  const t = useText('authentication');
  const common = useText('common');
  const preview = useResource(revertPreviewResource(path), { fresh: true });
  const revert = useRevert({ path, onDone: onClose, ...(stale === undefined ? {} : { stale }) });
  const { data } = preview;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('revert.title')}
      description={data !== undefined && <Change change={data.change} />}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button
            tone="primary"
            busy={revert.busy}
            disabled={data === undefined}
            onClick={() => {
              if (data !== undefined) revert.run(data.version);
            }}
          >
            {t('revert.button')}
          </Button>
        </>
      }
    >
      {data !== undefined ? (
        <div className="flex flex-col gap-3">
          <Fields fields={data.fields} />
          <p className="text-sm text-muted">{t('revert.text')}</p>
        </div>
      ) : preview.isError ? (
        <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
      ) : (
        <Skeleton className="h-24" />
      )}
    </Dialog>
  );
}

function Change({ change }: Pick<RevertPreviewDto, 'change'>) {
  const t = useText('authentication');
  if (change === null) return t('revert.unknownChange');
  return (
    <>
      <VisibleSentence text={t('revert.change', { name: change.by })} />{' '}
      <RelativeTime iso={change.at} focusable />
    </>
  );
}

function Fields({ fields }: Pick<RevertPreviewDto, 'fields'>) {
  const t = useText('authentication');
  if (fields.length === 0) return <Notice>{t('revert.same')}</Notice>;
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <Table label={t('revert.title')}>
        <TableHead>
          {COLUMNS.map((column) => (
            <th key={column} scope="col" className={th}>
              {t(`revert.${column}`)}
            </th>
          ))}
        </TableHead>
        <tbody>
          {fields.map((field) => (
            <Row key={field.path} field={field} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Row({ field }: { readonly field: Field }) {
  const t = useText('authentication');
  const label = useSettingLabel(field.path);
  const own = field.path === 'steps' || field.path === 'policy';
  const { secret } = field;
  return (
    <tr className={tr}>
      <th scope="row" className={cx(td, 'text-start align-top font-normal')}>
        {own ? t(`revert.fields.${field.path}`) : label}
        {!own && <span className="mono block text-xs text-muted">{field.path}</span>}
      </th>
      {secret === null ? (
        <>
          <Value path={field.path} value={field.now} className="text-muted" />
          <Value path={field.path} value={field.back} className="bg-accepted-soft" />
        </>
      ) : (
        <>
          <td className={cx(td, 'align-top text-muted')}>
            {t(secret === 'set' ? 'revert.notSet' : 'revert.secret')}
          </td>
          <td className={cx(td, 'bg-accepted-soft align-top')}>{t(`revert.secrets.${secret}`)}</td>
        </>
      )}
    </tr>
  );
}

interface ValueProps {
  readonly path: string;
  readonly value: unknown;
  readonly className: string;
}

function Value({ path, value, className }: ValueProps) {
  const t = useText('authentication');
  const words = useWords();
  return (
    <td className={cx(td, 'align-top', className)}>
      {value === null ? (
        t('revert.notSet')
      ) : (
        <ClientText text={words(path, value)} max={VALUE_SHOWN_MAX} expandable />
      )}
    </td>
  );
}

/** A value as people call it: the policy by its name, a chain by its steps, everything else as it is written. */
function useWords(): (path: string, value: unknown) => string {
  const t = useText('authentication');
  const stepText = (step: unknown): string => {
    if (typeof step === 'string') return step;
    if (!isTree(step) || !Array.isArray(step['require'])) return JSON.stringify(step);
    const bind = `required.bind.${String(step['bind'])}.name`;
    const members = step['require'].join(' + ');
    const identity = t('required.identityIs', { name: String(step['identity']) });
    return `${members} (${t.has(bind) ? t(bind) : String(step['bind'])}; ${identity})`;
  };
  return (path, value) => {
    if (path === 'policy') return t(`anonymous.${String(value)}.name`);
    if (path === 'steps' && Array.isArray(value)) {
      return value.length === 0
        ? t('revert.nothing')
        : value.map((step, at) => `${at + 1}. ${stepText(step)}`).join('  ');
    }
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
}
