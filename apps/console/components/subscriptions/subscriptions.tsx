'use client';

import type { ClientSubscriptionDto } from '@gatehouse/contract';
import { ListTree } from 'lucide-react';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useCallback, useState } from 'react';
import { CommitInput } from '@/components/ui/commit-input';
import { Confirm } from '@/components/ui/confirm';
import { EnumSelect } from '@/components/ui/enum-select';
import { FilterRow, type FiltersProps } from '@/components/ui/filter-row';
import { ListSection } from '@/components/ui/list-section';
import { NodeSelect } from '@/components/ui/node-select';
import { Page, PageHeader } from '@/components/ui/page';
import { NothingMatches, State } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { subscriptionsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { isFilteredBy } from '@/lib/is-filtered';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { KINDS, NO_FILTERS, QOS_LEVELS, subscriptionsParsers, subscriptionsQuery } from './query';
import { SubscriptionsTable } from './subscriptions-table';

const REFRESH_MS = 10_000;

type Query = inferParserType<typeof subscriptionsParsers>;

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
  const narrow = useCallback(
    (change: Partial<Query>) => void setQuery({ cursor: null, ...change }),
    [setQuery],
  );
  const clear = (): void => narrow(NO_FILTERS);
  const isFiltered = isFilteredBy(query, NO_FILTERS);
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} guide="subscriptions" />
      <Filters
        query={query}
        nodes={list.data?.nodes}
        onNarrow={narrow}
        onClear={isFiltered ? clear : undefined}
      />
      <ListSection
        list={list}
        incomplete={t('incomplete')}
        missing={list.data?.missing}
        empty={isFiltered ? <NothingMatches onClear={clear} /> : <NoneYet />}
        onCursor={(cursor) => narrow({ cursor })}
      >
        <SubscriptionsTable
          rows={list.data?.items}
          busy={list.isPlaceholderData}
          withClient
          withNode={(list.data?.nodes.length ?? 0) > 1}
          sorting={{ sort: query.sort, onSort: (sort) => narrow({ sort }) }}
          {...(mayRemove ? { onRemove: setRemoving } : {})}
        />
      </ListSection>
      {removing !== null && <RemoveDialog subscription={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

interface SubscriptionFiltersProps extends FiltersProps<Query> {
  readonly nodes: readonly string[] | undefined;
}

function Filters({ query, nodes, onNarrow, onClear }: SubscriptionFiltersProps) {
  const t = useText('subscriptions');
  return (
    <FilterRow
      search={{
        value: query.search,
        label: t('search'),
        placeholder: t('searchPlaceholder'),
        className: 'w-full sm:w-72',
        onChange: (search) => onNarrow({ search }),
      }}
      chips={[{ label: t('clientId'), value: query.clientId, onRemove: () => onNarrow({ clientId: null }) }]}
      onClear={onClear}
    >
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
      <EnumSelect
        label={t('kind')}
        options={KINDS}
        nameOf={t}
        anyName={t('anyKind')}
        value={query.kind}
        onChange={(kind) => onNarrow({ kind })}
      />
      <EnumSelect
        label={t('qos')}
        options={QOS_LEVELS}
        nameOf={(level) => t('qosLevel', { level })}
        anyName={t('anyQos')}
        value={query.qos}
        onChange={(qos) => onNarrow({ qos })}
      />
      <NodeSelect nodes={nodes} value={query.node} onChange={(node) => onNarrow({ node })} />
    </FilterRow>
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
