'use client';

import type { IssuedCertificateDto } from '@gatehouse/contract';
import { FileBadge } from 'lucide-react';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EnumSelect } from '@/components/ui/enum-select';
import { FilterRow, type FiltersProps } from '@/components/ui/filter-row';
import { ListSection } from '@/components/ui/list-section';
import { Page, PageHeader } from '@/components/ui/page';
import { NothingMatches, State } from '@/components/ui/states';
import { certificatesResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { isFilteredBy } from '@/lib/is-filtered';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import { AuthorityCards } from './authority-cards';
import { CertificatesTable } from './certificates-table';
import { CERTIFICATE_STATES, certificateParsers, NO_FILTERS, PURPOSES, toApiQuery } from './query';

const IssueDialog = lazyPart(() => import('./issue-dialog').then((module) => module.IssueDialog));
const RenewDialog = lazyPart(() => import('./renew-dialog').then((module) => module.RenewDialog));
const RevokeDialog = lazyPart(() => import('./revoke-dialog').then((module) => module.RevokeDialog));

const REFRESH_MS = 15_000;

type Query = inferParserType<typeof certificateParsers>;

/** What is being done, and to which certificate. */
type Doing =
  | { readonly what: 'issue' }
  | { readonly what: 'renew' | 'revoke'; readonly certificate: IssuedCertificateDto };

/** The private CA: what it issued, where it counts, and the ways to issue, renew and revoke. */
export function Certificates() {
  const t = useText('certificates');
  const mayWrite = useMay('certificates:write');
  const [query, setQuery] = useQueryStates(certificateParsers, { history: 'push' });
  const [doing, setDoing] = useState<Doing | null>(null);
  const list = useResource(certificatesResource(toApiQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const narrow = (change: Partial<Query>): void => void setQuery({ cursor: null, ...change });
  const clear = (): void => narrow(NO_FILTERS);
  const isFiltered = isFilteredBy(query, NO_FILTERS);
  const close = (): void => setDoing(null);
  const issue = mayWrite && (
    <Button
      tone="primary"
      icon={<FileBadge aria-hidden className="size-4" />}
      onClick={() => setDoing({ what: 'issue' })}
    >
      {t('issue')}
    </Button>
  );
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} guide="certificates" actions={issue} />
      <AuthorityCards />
      <Filters query={query} onNarrow={narrow} onClear={isFiltered ? clear : undefined} />
      <ListSection
        list={list}
        empty={
          isFiltered ? (
            <NothingMatches onClear={clear} />
          ) : (
            <State icon={<FileBadge aria-hidden />} title={t('noneYet')} actions={issue}>
              {t('noneYetHint')}
            </State>
          )
        }
        onCursor={(cursor) => narrow({ cursor })}
      >
        <CertificatesTable
          rows={list.data?.items}
          busy={list.isPlaceholderData}
          sort={query.sort}
          onSort={(sort) => narrow({ sort })}
          {...(mayWrite
            ? {
                onRenew: (certificate) => setDoing({ what: 'renew', certificate }),
                onRevoke: (certificate) => setDoing({ what: 'revoke', certificate }),
              }
            : {})}
        />
      </ListSection>
      {doing?.what === 'issue' && <IssueDialog onClose={close} />}
      {doing?.what === 'renew' && <RenewDialog certificate={doing.certificate} onClose={close} />}
      {doing?.what === 'revoke' && <RevokeDialog certificate={doing.certificate} onClose={close} />}
    </Page>
  );
}

function Filters({ query, onNarrow, onClear }: FiltersProps<Query>) {
  const t = useText('certificates');
  return (
    <FilterRow
      search={{
        value: query.search,
        label: t('search'),
        placeholder: t('searchPlaceholder'),
        onChange: (search) => onNarrow({ search }),
      }}
      onClear={onClear}
    >
      <EnumSelect
        label={t('state')}
        options={CERTIFICATE_STATES}
        nameOf={(state) => t(`states.${state}`)}
        anyName={t('anyState')}
        value={query.state}
        onChange={(state) => onNarrow({ state })}
      />
      <EnumSelect
        label={t('purpose')}
        options={PURPOSES}
        nameOf={(purpose) => t(`purposes.${purpose}`)}
        anyName={t('anyPurpose')}
        value={query.purpose}
        onChange={(purpose) => onNarrow({ purpose })}
      />
    </FilterRow>
  );
}
