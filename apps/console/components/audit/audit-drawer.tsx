'use client';

import type { AuditEntryDto } from '@gatehouse/contract';
import { ClientText } from '@/components/ui/client-text';
import { CodeBlock } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Fact, Facts } from '@/components/ui/page';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { AbsoluteTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { visibleJson } from '@/lib/visible-json';
import { wordsOf } from './actions';
import { changesOf, type Change } from './changes';

const VALUE_SHOWN_MAX = 300;

/** One entry whole: before and after side by side. */
export function AuditDrawer({
  entry,
  onClose,
}: {
  readonly entry: AuditEntryDto;
  readonly onClose: () => void;
}) {
  const t = useText('audit');
  const changes = changesOf(entry.before, entry.after);
  return (
    <Dialog
      open
      variant="drawer"
      onClose={onClose}
      title={wordsOf(t, entry.action)}
      description={
        <>
          <span className="mono">{entry.action}</span> · <AbsoluteTime iso={entry.at} />
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <EntryFacts entry={entry} />
        {changes.length > 0 && <Changes changes={changes} />}
        <CodeBlock label={t('raw')} code={visibleJson(entry)} />
      </div>
    </Dialog>
  );
}

function EntryFacts({ entry }: { readonly entry: AuditEntryDto }) {
  const t = useText('audit');
  return (
    <Facts>
      <Fact label={t('actor')}>
        <VisibleSentence text={entry.actor.name} />{' '}
        <span className="text-muted">({t(`kind.${entry.actor.kind}`)})</span>
      </Fact>
      {entry.target !== null && (
        <Fact label={t('target')}>
          <span className="text-muted">{entry.target.kind}</span>{' '}
          <ClientText text={entry.target.name} expandable />
        </Fact>
      )}
      <Fact label={t('ip')}>
        <span className="mono">{entry.ip}</span>
      </Fact>
      <Fact label={t('requestId')}>
        <span className="mono break-all">{entry.requestId}</span>
      </Fact>
      <Fact label={t('hash')}>
        <span className="mono break-all text-muted">{entry.hash}</span>
      </Fact>
    </Facts>
  );
}

function Changes({ changes }: { readonly changes: readonly Change[] }) {
  const t = useText('audit');
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <Table label={t('changes')}>
        <TableHead>
          {(['field', 'before', 'after'] as const).map((column) => (
            <th key={column} scope="col" className={th}>
              {t(column)}
            </th>
          ))}
        </TableHead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.field} className={tr}>
              <td className={cx(td, 'align-top')}>{change.field}</td>
              <Value text={change.before} tone="bg-refused-soft" />
              <Value text={change.after} tone="bg-accepted-soft" />
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

const Value = ({ text, tone }: { readonly text: string | undefined; readonly tone: string }) => (
  <td className={cx(td, 'align-top', text !== undefined && tone)}>
    <ClientText text={text ?? null} max={VALUE_SHOWN_MAX} expandable />
  </td>
);
