import { apiUrl, type Query } from './api';

declare const answerOf: unique symbol;

/** One readable thing of the API: where it is, and (as a type only) what it answers. */
export interface Resource<T> {
  readonly path: string;
  readonly query: Query;
  /** What it is, where its query moves on with time ("the last hour"): the same thing under one key. */
  readonly key?: string;
  readonly [answerOf]?: T;
}

export const resource = <T>(path: string, query: Query = {}, key?: string): Resource<T> => ({
  path,
  query,
  ...(key === undefined ? {} : { key }),
});

/** Cache key: path first, so that everything under a path can be made stale at once. */
export const keyOf = (target: Resource<unknown>): readonly [string, string] => [
  target.path,
  target.key ?? apiUrl('', target.query),
];
