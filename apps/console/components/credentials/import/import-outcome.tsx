'use client';

import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { Notice } from '@/components/ui/states';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { cutErrors } from './row-errors';
import type { ImportResult } from './use-import';

/** What would become of the rows, or which of them keep all from being imported. */
export function ImportOutcome({ result }: { readonly result: ImportResult }) {
  return result.errors.length > 0 ? <RowErrors result={result} /> : <Counts result={result} />;
}

function Counts({ result }: { readonly result: ImportResult }) {
  const { formatNumber } = useFormat();
  const t = useText('credentials');
  const { created, updated, skipped, withoutSecret } = result;
  const more = withoutSecret.count > withoutSecret.rows.length ? ' …' : '';
  return (
    <Notice icon={<CircleCheck aria-hidden className="text-accepted" />}>
      <p>{t(created + updated === 0 ? 'import.nothing' : 'import.good')}</p>
      <dl className="mt-1.5 flex flex-wrap gap-x-6 gap-y-1">
        {Object.entries({ created, updated, skipped }).map(([name, count]) => (
          <div key={name} className="flex gap-1.5">
            <dt className="text-muted">{t(`import.count.${name}`)}</dt>
            <dd className="nums font-semibold">{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
      {withoutSecret.count > 0 && (
        <p className="mt-1.5 flex items-start gap-1.5">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-ignored" />
          {t(`import.withoutSecret.${result.rowsAre}`, {
            count: withoutSecret.count,
            rows: `${withoutSecret.rows.join(', ')}${more}`,
          })}
        </p>
      )}
    </Notice>
  );
}

function RowErrors({ result: { errors, rowsAre } }: { readonly result: ImportResult }) {
  const { formatNumber } = useFormat();
  const t = useText('credentials');
  const common = useText('common');
  const { shown, more, orMore } = cutErrors(errors);
  return (
    <div className="flex flex-col gap-2">
      <Notice tone="danger" icon={<CircleAlert aria-hidden className="text-refused" />}>
        {t(orMore ? 'import.badOrMore' : 'import.bad', { count: errors.length })}
      </Notice>
      <div className="max-h-72 overflow-y-auto rounded-md border border-line">
        <Table label={t('import.errors')}>
          <TableHead>
            {(['row', 'field', 'message'] as const).map((name) => (
              <th key={name} scope="col" className={cx(th, name === 'row' && 'text-end')}>
                {t(name === 'row' ? `import.row.${rowsAre}` : `import.${name}`)}
              </th>
            ))}
          </TableHead>
          <tbody>
            {shown.map(({ row, field, message }, index) => (
              <tr key={index} className={tr}>
                <td className={cx(td, 'nums text-end')}>{formatNumber(row)}</td>
                <td className={cx(td, 'mono text-xs')}>
                  {field === '' ? common('none') : <VisibleSentence text={field} />}
                </td>
                <td className={td}>
                  <VisibleSentence text={message} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      {more > 0 && (
        <p className="text-sm text-muted">
          {t(orMore ? 'import.moreOrMore' : 'import.more', { count: more })}
        </p>
      )}
      <p className="text-xs text-muted">{t(`import.rowHint.${rowsAre}`)}</p>
    </div>
  );
}
