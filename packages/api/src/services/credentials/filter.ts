import type { credentialsExportQuery } from '@gatehouse/contract';
import type { CredentialFilter } from '@gatehouse/ports';
import type { z } from 'zod';
import { defined } from '../../present/defined.ts';

type FilterQuery = z.output<typeof credentialsExportQuery>;

export const toCredentialFilter = (query: FilterQuery): CredentialFilter =>
  defined({
    search: query.search,
    type: query.type,
    identity: query.identity,
    name: query.name,
    username: query.username,
    clientId: query.clientId,
    enabled: query.enabled,
    superuser: query.superuser,
    expired: query.expired,
    tag: query.tag,
  });
