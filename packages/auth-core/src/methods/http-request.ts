import type { Attempt } from '../attempt.ts';
import type { HttpAnswer } from './http-answer.ts';
import {
  type AbsentParam,
  formOf,
  jsonOf,
  type Param,
  paramsOf,
  type ParamTemplates,
  type TopicParams,
} from './http-template.ts';

/** One request, ready to be sent: everything in it is encoded. */
export interface HttpRequest {
  /** Without `?`; empty for none. */
  readonly query: string;
  /** Undefined: a request without one. */
  readonly body: { readonly contentType: string; readonly text: string } | undefined;
}

/** One address of a service; implemented by packages/connectors. Never throws or rejects. */
export interface HttpService {
  /** Asks once and gives up after `withinMs`. */
  ask(request: HttpRequest, withinMs: number): Promise<HttpAnswer>;
}

/** How a request is made and whom it goes to. */
export interface HttpEndpoint {
  readonly service: HttpService;
  /** `query`: a GET; the others are the bodies of a POST. */
  readonly form: 'query' | 'form' | 'json';
  readonly params: ParamTemplates;
  /** What a name that the client has not is written as. */
  readonly absent: AbsentParam;
}

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
