import { CreatePage } from '@/components/authentication/create-page';
import { authenticatorTypesResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('authentication');

export default function NewAuthenticatorPage() {
  return (
    <Prefetch resources={[authenticatorTypesResource]}>
      <CreatePage />
    </Prefetch>
  );
}
