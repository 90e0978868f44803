'use client';

import { Page, PageHeader } from '@/components/ui/page';
import { useText } from '@/lib/i18n';
import { Channels } from './channels';
import { History } from './history';
import { Rules } from './rules';

/** What fires and what fired, the rules that it comes from, and where it goes. */
export function Alerts() {
  const t = useText('alerts');
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} guide="alerts" />
      <History />
      <Rules />
      <Channels />
    </Page>
  );
}
