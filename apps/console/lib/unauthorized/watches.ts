import type { watchList } from '@gatehouse/contract';
import { resource } from '@/lib/resource';
import { PATH } from './query';

/** Where watches are, and the path that a change of them makes old. */
export const WATCHES_PATH = `${PATH}/watches`;
export const watchPath = (id: string): string => `${WATCHES_PATH}/${encodeURIComponent(id)}`;

export const watchesResource = resource<(typeof watchList)['_output']>(WATCHES_PATH);

/** Whom to watch: exactly one of the two, as the API takes it. */
export type WatchAsk = { readonly clientId: string } | { readonly ip: string };
