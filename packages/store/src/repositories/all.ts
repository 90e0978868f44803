import type { Clock, Repositories } from '@gatehouse/ports';
import type { Database, Session } from '../database.ts';
import { runQueryHere } from '../queries/catalogue.ts';
import { createAccessRules } from './access-rules.ts';
import { createAlertSetup } from './alert-setup.ts';
import { createAlerts } from './alerts.ts';
import { createAudit } from './audit.ts';
import { createBlocks } from './blocks.ts';
import { createCertificates } from './certificates.ts';
import { createChangeNotes } from './change-notes.ts';
import { createCredentials } from './credentials.ts';
import { createDenials } from './denials.ts';
import { createInvitations } from './invitations.ts';
import { createApiKeys, createUsers, createUserSessions } from './people.ts';
import { createSeries, createSettings } from './settings.ts';
import { createUnauthorized } from './unauthorized.ts';
import { createUserIdentities } from './user-identities.ts';

export function createRepositories(database: Database, clock: Clock): Repositories {
  return {
    credentials: createCredentials(database, clock),
    accessRules: createAccessRules(database),
    blocks: createBlocks(database, clock),
    denials: createDenials(database),
    alertSetup: createAlertSetup(database),
    alerts: createAlerts(database),
    certificates: createCertificates(database, clock),
    unauthorized: createUnauthorized(database, clock),
    users: createUsers(database),
    userSessions: createUserSessions(database),
    userIdentities: createUserIdentities(database),
    invitations: createInvitations(database),
    apiKeys: createApiKeys(database),
    audit: createAudit(database),
    settings: createSettings(database),
    series: createSeries(database),
    changeNotes: createChangeNotes(database),
  };
}

/** An open transaction as a database: everything happens on its session, and sees what it has written. */
export function joined(session: Session): Database {
  return {
    dialect: session.sql.dialect,
    read: (work) => work(session),
    write: (work) => work(session),
    query: (name, args) => runQueryHere(session.sql, name, args),
  };
}
