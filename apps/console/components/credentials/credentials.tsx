'use client';

import { KeyRound, Plus, Upload } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useCallback, useState } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { ConfirmedDownload } from '@/components/ui/confirmed-download';
import { EnumSelect } from '@/components/ui/enum-select';
import { FilterRow, type FiltersProps } from '@/components/ui/filter-row';
import { ListSection } from '@/components/ui/list-section';
import { Page, PageHeader } from '@/components/ui/page';
import { NothingMatches, State } from '@/components/ui/states';
import { apiUrl } from '@/lib/api';
import { credentialsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { isFilteredBy } from '@/lib/is-filtered';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import { BulkBar } from './bulk-bar';
import { CredentialsTable } from './credentials-table';
import { CREDENTIAL_TYPES } from './typed-draft';
import { credentialsParsers, NO_FILTERS, STATUSES, toApiQuery } from './query';

const CredentialDrawer = lazyPart(() =>
  import('./credential-drawer').then((module) => module.CredentialDrawer),
);

const ImportDialog = lazyPart(() => import('./import/import-dialog').then((module) => module.ImportDialog));

const REFRESH_MS = 10_000;
const NONE: ReadonlySet<string> = new Set();

type Query = inferParserType<typeof credentialsParsers>;
/** A change of which rows are shown; `cursor` is the first page's unless it is given. */
type Narrowing = Partial<Omit<Query, 'open' | 'cn'>>;

export function Credentials() {
  const mayWrite = useMay('credentials:write');
  const [query, setQuery] = useQueryStates(credentialsParsers, { history: 'push' });
  const [selected, setSelected] = useState(NONE);
  const [importing, setImporting] = useState(false);
  const list = useResource(credentialsResource(toApiQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  /** A change of the rows starts at the first page and forgets what was selected on another. */
  const narrow = useCallback(
    (change: Narrowing) => {
      setSelected(NONE);
      void setQuery({ cursor: null, ...change });
    },
    [setQuery],
  );
  const clear = (): void => narrow(NO_FILTERS);
  const isFiltered = isFilteredBy(query, NO_FILTERS);
  const rows = list.data?.items;
  return (
    <Page>
      <Header mayWrite={mayWrite} onImport={() => setImporting(true)} />
      <Filters query={query} onNarrow={narrow} onClear={isFiltered ? clear : undefined} />
      <ListSection
        list={list}
        empty={isFiltered ? <NothingMatches onClear={clear} /> : <NoneYet mayWrite={mayWrite} />}
        onCursor={(cursor) => narrow({ cursor })}
      >
        <CredentialsTable
          rows={rows}
          busy={list.isPlaceholderData}
          sort={query.sort}
          selected={selected}
          onSort={(sort) => narrow({ sort })}
          onSelect={setSelected}
          onOpen={(open) => void setQuery({ open })}
          onTag={(tag) => narrow({ tag })}
        />
      </ListSection>
      {selected.size > 0 && rows !== undefined && mayWrite && (
        <BulkBar rows={rows.filter((row) => selected.has(row.id))} onClear={() => setSelected(NONE)} />
      )}
      {query.open !== null && (
        <CredentialDrawer
          key={query.open}
          id={query.open}
          addCn={query.cn}
          onClose={() => void setQuery({ open: null, cn: null })}
        />
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

function Header({ mayWrite, onImport }: { readonly mayWrite: boolean; readonly onImport: () => void }) {
  const t = useText('credentials');
  return (
    <PageHeader
      title={t('title')}
      description={t('subtitle')}
      guide="credentials"
      actions={
        mayWrite && (
          <>
            <Button icon={<Upload aria-hidden className="size-4" />} onClick={onImport}>
              {t('import.open')}
            </Button>
            <ConfirmedDownload href={apiUrl('/credentials/export.csv')}>{t('export')}</ConfirmedDownload>
            <Link href="/credentials/new" className={buttonClass('primary')}>
              <Plus aria-hidden className="size-4" />
              {t('createOpen')}
            </Link>
          </>
        )
      }
    />
  );
}

function Filters({ query, onNarrow, onClear }: FiltersProps<Query, Narrowing>) {
  const t = useText('credentials');
  return (
    <FilterRow
      search={{
        value: query.search,
        label: t('search'),
        placeholder: t('searchPlaceholder'),
        onChange: (search) => onNarrow({ search }),
      }}
      chips={[{ label: t('tag'), value: query.tag, onRemove: () => onNarrow({ tag: null }) }]}
      onClear={onClear}
    >
      <EnumSelect
        label={t('type')}
        options={CREDENTIAL_TYPES}
        nameOf={(type) => t(`types.${type}`)}
        anyName={t('anyType')}
        value={query.type}
        onChange={(type) => onNarrow({ type })}
      />
      <EnumSelect
        label={t('state')}
        options={STATUSES}
        nameOf={(status) => t(`status.${status}`)}
        anyName={t('anyState')}
        value={query.status}
        onChange={(status) => onNarrow({ status })}
      />
    </FilterRow>
  );
}

function NoneYet({ mayWrite }: { readonly mayWrite: boolean }) {
  const t = useText('credentials');
  return (
    <State
      icon={<KeyRound aria-hidden />}
      title={t('noneYet')}
      actions={
        mayWrite && (
          <Link href="/credentials/new" className={buttonClass('primary')}>
            {t('createOpen')}
          </Link>
        )
      }
    >
      {t('noneYetHint')}
    </State>
  );
}
