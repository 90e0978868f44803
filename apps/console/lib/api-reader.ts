import { apiUrl, readAnswer } from './api';
import type { Resource } from './resource';

const origin = (): string => process.env['GATEHOUSE_API_URL'] ?? 'http://127.0.0.1:8080';

/** Headers of the request for a page that the API must see as well. */
const PASSED_ON = ['cookie', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'] as const;

export type ApiReader = <T>(target: Resource<T>) => Promise<T>;

/** Reads resources while a page is drawn on the server, as the browser that asked: its cookies, its address. */
export function apiReader(
  incoming: Readonly<Record<string, string | readonly string[] | undefined>>,
): ApiReader {
  const headers = new Headers({ accept: 'application/json' });
  for (const name of PASSED_ON) headers.set(name, String(incoming[name] ?? ''));
  return async <T>(target: Resource<T>) => {
    const url = new URL(apiUrl(target.path, target.query), origin());
    return readAnswer<T>(await fetch(url, { cache: 'no-store', headers }));
  };
}
