import { Alerts } from '@/components/alerts/alerts';
import { alertChannelsResource, alertRulesResource, alertsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('alerts');

export default function AlertsPage() {
  return (
    <Prefetch resources={[alertsResource(), alertRulesResource, alertChannelsResource]}>
      <Alerts />
    </Prefetch>
  );
}
