import type { SessionDto, StatsDto, SeriesDto } from '@gatehouse/contract';
import type { Query } from './api';
import { resource } from './resource';

/** What pages read, by name; the same on the server and in the browser. */
export const sessionResource = resource<SessionDto>('/session');
export const statsResource = (query: Query = {}) => resource<StatsDto>('/stats', query);
export const seriesResource = (query: Query = {}) => resource<SeriesDto>('/stats/series', query);
