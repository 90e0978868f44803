import { cookies, headers } from 'next/headers';
import { apiUrl, readAnswer } from './api';
import type { Resource } from './resource';

const origin = (): string => process.env['GATEHOUSE_API_URL'] ?? 'http://127.0.0.1:8080';

/** Reads a resource while rendering on the server, as the browser that asked: its cookies, its address. */
export async function readOnServer<T>(target: Resource<T>, signal?: AbortSignal): Promise<T> {
  const [jar, incoming] = await Promise.all([cookies(), headers()]);
  const response = await fetch(new URL(apiUrl(target.path, target.query), origin()), {
    cache: 'no-store',
    signal: signal ?? null,
    headers: {
      accept: 'application/json',
      cookie: jar.toString(),
      'x-forwarded-for': incoming.get('x-forwarded-for') ?? '',
      'x-forwarded-proto': incoming.get('x-forwarded-proto') ?? 'http',
      'x-forwarded-host': incoming.get('x-forwarded-host') ?? '',
    },
  });
  return readAnswer<T>(response);
}
