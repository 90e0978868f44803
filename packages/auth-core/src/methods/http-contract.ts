import { type Answered, type HttpReading, readByJson, readByStatus } from './http-answer.ts';
import { readByTbmq } from './http-tbmq.ts';

/** How the answers of a service are read: as EMQX 4.3, EMQX 5 or TBMQ does. */
export type HttpContract = 'status' | 'json' | 'tbmq';

const READERS: Readonly<Record<HttpContract, (answer: Answered, nowMs: number) => HttpReading>> = {
  status: readByStatus,
  json: readByJson,
  tbmq: readByTbmq,
};

/** Reads what a service says about a client; `nowMs` since the epoch. */
export const readAnswer = (contract: HttpContract, answer: Answered, nowMs: number): HttpReading =>
  READERS[contract](answer, nowMs);
