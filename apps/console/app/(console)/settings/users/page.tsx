import { Users } from '@/components/settings/users';
import { invitationsResource, usersResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('users');

export default function UsersPage() {
  return (
    <Prefetch resources={[usersResource, invitationsResource]}>
      <Users />
    </Prefetch>
  );
}
