'use client';

import type { ClientSubscriptionDto } from '@gatehouse/contract';
import { ListTree, TriangleAlert } from 'lucide-react';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useCallback, useState } from 'react';
import { CommitInput } from '@/components/ui/commit-input';
import { Confirm } from '@/components/ui/confirm';
import { Select } from '@/components/ui/field';
import { FilterBar, FilterChip } from '@/components/ui/filter-chip';
import { ListSection } from '@/components/ui/list-section';
import { Page, PageHeader } from '@/components/ui/page';
import { SearchBox } from '@/components/ui/search-box';
import { Notice, NothingMatches, State } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { subscriptionsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { KINDS, NO_FILTERS, subscriptionsParsers, subscriptionsQuery } from './query';
import { SubscriptionsTable } from './subscriptions-table';

const REFRESH_MS = 10_000;

type Query = inferParserType<typeof subscriptionsParsers>;
type Narrowing = Partial<Query>;

/** Who hears what. */
export function Subscriptions() {
  const t = useText('subscriptions');
  const mayRemove = useMay('clients:disconnect');
  const [query, setQuery] = useQueryStates(subscriptionsParsers, { history: 'push' });
  const [removing, setRemoving] = useState<ClientSubscriptionDto | null>(null);
  const list = useResource(subscriptionsResource(subscriptionsQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const narrow = useCallback((change: Narrowing) => void setQuery({ cursor: null, ...change }), [setQuery]);
  const clear = (): void => narrow(NO_FILTERS);
  const isFiltered = Object.keys(NO_FILTERS).some((name) => query[name as keyof typeof NO_FILTERS] !== null);
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} />
      <Filters query={query} onNarrow={narrow} {...(isFiltered ? { onClear: clear } : {})} />
      {list.data?.totalIsExact === false && (
        <Notice tone="warning" icon={<TriangleAlert aria-hidden className="text-ignored" />}>
          {t('incomplete')}
        </Notice>
      )}
      <ListSection
        list={list}
        empty={isFiltered ? <NothingMatches onClear={clear} /> : <NoneYet />}
        onCursor={(cursor) => narrow({ cursor })}
      >
        <SubscriptionsTable
          rows={list.data?.items}
          busy={list.isPlaceholderData}
          withClient
          sorting={{
            sort: query.sort,
            onSort: (sort) => narrow({ sort: sort === '-clientId' ? sort : 'clientId' }),
          }}
          {...(mayRemove ? { onRemove: setRemoving } : {})}
        />
      </ListSection>
      {removing !== null && <RemoveDialog subscription={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

interface FiltersProps {
  readonly query: Query;
  readonly onNarrow: (change: Narrowing) => void;
  /** Given while something is filtered. */
  readonly onClear?: () => void;
}

function Filters({ query, onNarrow, onClear }: FiltersProps) {
  const t = useText('subscriptions');
  const onSearch = useCallback(
    (search: string) => onNarrow({ search: search === '' ? null : search }),
    [onNarrow],
  );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchBox
        value={query.search ?? ''}
        label={t('search')}
        placeholder={t('searchPlaceholder')}
        onChange={onSearch}
        className="w-full sm:w-72"
      />
      <label className="flex w-full items-center gap-1.5 text-sm text-muted sm:w-auto">
        <span className="whitespace-nowrap">{t('topic')}</span>
        <CommitInput
          value={query.topic ?? ''}
          label={t('topic')}
          placeholder={t('topicPlaceholder')}
          onCommit={(topic) => onNarrow({ topic: topic === '' ? null : topic })}
          className="mono sm:w-56"
        />
      </label>
      <Select
        aria-label={t('kind')}
        value={query.kind ?? ''}
        onChange={(event) => onNarrow({ kind: KINDS.find((one) => one === event.target.value) ?? null })}
      >
        <option value="">{t('anyKind')}</option>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(kind)}
          </option>
        ))}
      </Select>
      {onClear !== undefined && (
        <FilterBar onClear={onClear}>
          {query.clientId !== null && (
            <FilterChip label={t('clientId')} onRemove={() => onNarrow({ clientId: null })}>
              <VisibleSentence text={query.clientId} />
            </FilterChip>
          )}
        </FilterBar>
      )}
    </div>
  );
}

interface RemoveDialogProps {
  readonly subscription: ClientSubscriptionDto;
  readonly onClose: () => void;
}

function RemoveDialog({ subscription: { clientId, filter }, onClose }: RemoveDialogProps) {
  const t = useText('subscriptions');
  const remove = useAction(() => api.delete<undefined>('/subscriptions', { query: { clientId, filter } }), {
    stale: ['/subscriptions', '/clients'],
    onDone: () => {
      showToast({ tone: 'good', text: t('removed') });
      onClose();
    },
  });
  return (
    <Confirm
      open
      title={t('removeTitle')}
      confirmLabel={t('remove')}
      cancelLabel={t('keep')}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined)}
    >
      <VisibleSentence text={t('removeText', { client: clientId, filter })} />
    </Confirm>
  );
}

function NoneYet() {
  const t = useText('subscriptions');
  return (
    <State icon={<ListTree aria-hidden />} title={t('noneYet')}>
      {t('noneYetHint')}
    </State>
  );
}
