import type { GroupDto } from './resources';
import type { View, ViewPatch } from './view';

/** An incident's value is "REASON beginning", the beginning in ms. */
export function incidentOf(group: GroupDto): { readonly reason: string; readonly startedAt: string } {
  const [reason = '', began = ''] = group.value.split(' ');
  const time = Number(began);
  return {
    reason,
    startedAt: began === '' || !Number.isFinite(time) ? group.firstAttemptAt : new Date(time).toISOString(),
  };
}

/** The filter that shows the clients of one group. */
export function groupPatch(view: View, group: GroupDto): ViewPatch {
  switch (view.group) {
    case 'none':
      return {};
    case 'network':
      return { ip: { include: [group.value], exclude: [] } };
    case 'username':
      return group.value === '' ? {} : { username: { operator: 'eq', value: group.value } };
    case 'reason':
      return { reason: { include: [group.value], exclude: [] } };
    case 'incident': {
      // The last attempts of an incident's clients lie after its beginning.
      const { reason, startedAt } = incidentOf(group);
      return { reason: { include: [reason], exclude: [] }, from: new Date(startedAt), range: null };
    }
  }
}
