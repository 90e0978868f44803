import type { ReasonFacts } from '@gatehouse/auth-core';
import type { UnauthorizedClient } from '@gatehouse/ports';
import { defined } from '../../present/defined.ts';

const orUndefined = (text: string | null): string | undefined =>
  text === null || text === '' ? undefined : text;

/** What the placeholders of the catalogue's texts stand for in this row. */
export const reasonFacts = (row: UnauthorizedClient): ReasonFacts =>
  defined({
    clientId: orUndefined(row.clientId),
    username: orUndefined(row.username),
    ip: orUndefined(row.ip),
    listener: orUndefined(row.listener),
    authenticator: orUndefined(row.authenticator),
  });
