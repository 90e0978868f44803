import { Authentication } from '@/components/authentication/authentication';
import { anonymousResource, authenticatorsResource, chainsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('authentication');

export default function AuthenticationPage() {
  return (
    <Prefetch resources={[authenticatorsResource, chainsResource, anonymousResource]}>
      <Authentication />
    </Prefetch>
  );
}
