import { Account } from '@/components/account/account';
import { accountResource, accountSessionsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('account');

export default function AccountPage() {
  return (
    <Prefetch resources={[accountResource, accountSessionsResource]}>
      <Account />
    </Prefetch>
  );
}
