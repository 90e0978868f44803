import { headers } from 'next/headers';
import { apiReader } from './api-reader';
import type { Resource } from './resource';

/** Reads a resource while a page of `app/` is drawn on the server, as the browser that asked. */
export async function readOnServer<T>(target: Resource<T>): Promise<T> {
  return apiReader(Object.fromEntries(await headers()))(target);
}
