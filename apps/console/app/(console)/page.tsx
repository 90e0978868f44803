import { Page, PageHeader } from '@/components/ui/page';

export default function OverviewPage() {
  return (
    <Page>
      <PageHeader title="Overview" />
    </Page>
  );
}
