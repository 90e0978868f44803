'use client';

import type { AccessRuleDto, AccessRulesPageDto } from '@gatehouse/contract';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Forbidden, StaleBanner } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { accessRulesResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import { AnswerCache } from './answer-cache';
import { Denials } from './denials';
import { RuleList } from './rule-list';
import { RuleTester } from './rule-tester';

const RuleDialog = lazyPart(() => import('./rule-dialog').then((module) => module.RuleDialog));

const REFRESH_MS = 10_000;

/** What clients that were let in may do: the global rules in their order, a tester, and what was denied of late. */
export function Access() {
  const mayRead = useMay('access:read');
  if (!mayRead) return <Forbidden />;
  return <Rules />;
}

/** Changes with the rules in force. */
const nameOf = (page: AccessRulesPageDto | undefined): string =>
  (page?.items ?? []).map(({ id, version, phase }) => `${id} ${version} ${phase}`).join();

function Rules() {
  const t = useText('access');
  const mayWrite = useMay('access:write');
  const list = useResource(accessRulesResource(), { refetchInterval: REFRESH_MS });
  const [editing, setEditing] = useState<AccessRuleDto | 'new' | null>(null);
  const editable = mayWrite && list.data?.declaredAt === null;
  const retry = (): void => void list.refetch();
  return (
    <Page>
      <PageHeader
        title={t('title')}
        description={t('subtitle')}
        guide="access"
        actions={
          editable && (
            <Button
              tone="primary"
              icon={<Plus aria-hidden className="size-4" />}
              onClick={() => setEditing('new')}
            >
              {t('add')}
            </Button>
          )
        }
      />
      {list.isError && list.data !== undefined && (
        <StaleBanner
          since={<RelativeTime iso={new Date(list.dataUpdatedAt).toISOString()} />}
          onRetry={retry}
        />
      )}
      {list.isError && list.data === undefined ? (
        <ErrorState error={list.error} onRetry={retry} />
      ) : (
        <RuleList page={list.data} editable={editable} onEdit={setEditing} />
      )}
      <RuleTester rules={nameOf(list.data)} />
      <AnswerCache mayClear={mayWrite} />
      <Denials mayClear={mayWrite} />
      {editing !== null && (
        <RuleDialog rule={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />
      )}
    </Page>
  );
}
