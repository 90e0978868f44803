export type { AclAction, AclRule } from './acl/rule.ts';
export type { Attempt, CertificateFacts, ProtocolVersion, TlsFacts, Transport, WillFacts } from './attempt.ts';
export type { BasicCredential, StoredCredential, StoredHash, UnparsableCredential } from './credential.ts';
export type {
  Authenticator,
  Clock,
  CredentialSource,
  GuessingBudget,
  LookupStrategy,
  MaybePromise,
  MismatchProbe,
  PasswordVerifier,
  Verification,
  VerificationSubject,
} from './needs.ts';
export * from './reasons/index.ts';
export { Secret } from './secret.ts';
export type { Decision, Grant, Outcome, Principal, SafeDetail, Trace, TraceStep, Verdict } from './verdict.ts';
