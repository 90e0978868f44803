import type { Attempt } from '../attempt.ts';
import type { HttpEndpoint, HttpRequest } from './http.ts';
import { type AbsentParam, formOf, jsonOf, type Param, paramsOf, type TopicParams } from './http-template.ts';

/** The request for an attempt; undefined when it cannot be written in the endpoint's form. */
export function requestOf(
  { form, params, absent }: Pick<HttpEndpoint, 'form' | 'params' | 'absent'>,
  attempt: Attempt,
  topic?: TopicParams,
): HttpRequest | undefined {
  const filled = paramsOf(params, attempt, topic);
  if (form === 'query') return { query: formOf(filled, absent), body: undefined };
  const body = bodyOf(form, filled, absent);
  return body && { query: '', body };
}

function bodyOf(form: 'form' | 'json', params: readonly Param[], absent: AbsentParam): HttpRequest['body'] {
  if (form === 'form') {
    return { contentType: 'application/x-www-form-urlencoded', text: formOf(params, absent) };
  }
  const text = jsonOf(params, absent);
  return text === undefined ? undefined : { contentType: 'application/json', text };
}
