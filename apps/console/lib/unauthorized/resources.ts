import type {
  FacetsDto,
  StatsDto,
  TroubledClientsDto,
  UnauthorizedClientDetailDto,
  attemptList,
  groups,
} from '@gatehouse/contract';
import { resource } from '@/lib/resource';
import { PATH, filterQuery } from './query';
import type { View } from './view';

export type RecorderStatusDto = StatsDto['recorder'];
export type AttemptsDto = (typeof attemptList)['_output'];
export type AttemptDto = AttemptsDto['items'][number];
export type GroupsDto = (typeof groups)['_output'];
export type GroupDto = GroupsDto['items'][number];

/** Groups shown at most. */
const GROUPS_MAX = 200;

export const recorderResource = resource<RecorderStatusDto>(`${PATH}/recorder`);
/** Clients that are let in and fail all the same. */
export const troubledResource = resource<TroubledClientsDto>(`${PATH}/troubled`);
/** All there is, whatever its state and time: what "delete all" is about. */
export const everythingResource = resource<FacetsDto>(`${PATH}/facets`);
export const detailResource = (id: string) =>
  resource<UnauthorizedClientDetailDto>(`${PATH}/${encodeURIComponent(id)}`);
export const attemptsResource = (id: string) =>
  resource<AttemptsDto>(`${PATH}/${encodeURIComponent(id)}/attempts`);
export const groupsResource = (view: View, now: number) =>
  resource<GroupsDto>(`${PATH}/groups`, {
    ...filterQuery(view, now),
    by: view.group,
    limit: GROUPS_MAX,
  });
