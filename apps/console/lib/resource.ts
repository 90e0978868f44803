import { apiUrl, type Query } from './api';

declare const answerOf: unique symbol;

/** One readable thing of the API: where it is, and (as a type only) what it answers. */
export interface Resource<T> {
  readonly path: string;
  readonly query: Query;
  readonly [answerOf]?: T;
}

export const resource = <T>(path: string, query: Query = {}): Resource<T> => ({ path, query });

/** Cache key: path first, so that everything under a path can be made stale at once. */
export const keyOf = (target: Resource<unknown>): readonly [string, string] => [
  target.path,
  apiUrl('', target.query),
];
