export type {
  Authenticator,
  Clock,
  CredentialSource,
  GuessedIdentity,
  GuessingBudget,
  LookupStrategy,
  MaybePromise,
  MismatchProbe,
  PasswordVerifier,
  Verification,
  VerificationSubject,
} from '@gatehouse/auth-core';
export * from './access-rules.ts';
export * from './admin.ts';
export * from './alerts.ts';
export * from './attempts.ts';
export * from './auth-setup.ts';
export * from './backup.ts';
export * from './blocks.ts';
export * from './bus.ts';
export * from './certificates.ts';
export * from './changes.ts';
export * from './cluster.ts';
export * from './common.ts';
export * from './credential-types.ts';
export * from './journal.ts';
export * from './drops.ts';
export * from './denials.ts';
export * from './dry-run.ts';
export * from './guessing.ts';
export * from './identities.ts';
export * from './inspection.ts';
export * from './nodes.ts';
export * from './planes.ts';
export * from './troubled.ts';
export * from './try-attempt.ts';
export * from './store.ts';
export * from './unauthorized.ts';
export * from './passwords.ts';
export * from './people.ts';
export * from './watches.ts';
