'use client';

import { useText } from '@/lib/i18n';
import { ROLES } from './roles';

/** Every role, for a list to choose from. */
export function RoleOptions() {
  const shell = useText('shell');
  return ROLES.map((role) => (
    <option key={role} value={role}>
      {shell(`role.${role}`)}
    </option>
  ));
}
