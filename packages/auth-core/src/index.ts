export {
  authorizePublish,
  authorizeSubscribe,
  createAccess,
  NOTHING_AROUND,
  type Access,
  type AccessAnswer,
  type AccessAround,
  type AccessMore,
  type AccessStage,
  type SubscribeAnswer,
} from './acl/authorize.ts';
export {
  ACCESS_LIMITS,
  ACCESS_PHASES,
  accessRuleProblems,
  alternativesOf,
  type AccessCondition,
  type AccessPhase,
  type AccessRule,
  type AccessRuleProblem,
  type AccessWho,
} from './acl/access-rule.ts';
export { createRuleBook, EMPTY_BOOK, type RuleBook } from './acl/rule-book.ts';
export { DEFAULT_RULES } from './acl/default-rules.ts';
export type { AclAction, AclRule, Qos } from './acl/rule.ts';
export type { AclSubject } from './acl/substitute.ts';
export {
  covers,
  innerFilterOf,
  isTopicFilter,
  isTopicName,
  levelsOf,
  matches,
  overlaps,
  type Levels,
} from './acl/topic.ts';
export { filterOfExpression } from './acl/topic-expression.ts';
export { ANONYMOUS_POLICIES, usernameOf, type AnonymousPolicy } from './anonymous.ts';
export type {
  AlternativeNames,
  Attempt,
  CertificateFacts,
  CertificateProblem,
  CertificateVerification,
  ChainCertificate,
  PskOrigin,
  ProtocolVersion,
  TlsFacts,
  Transport,
  WillFacts,
} from './attempt.ts';
export { createBackendGuard, type BackendGuard, type BackendGuardOptions } from './backend/guard.ts';
export type { BreakerState } from './backend/breaker.ts';
export {
  BLOCK_KINDS,
  BLOCK_LIMITS,
  type Block,
  type BlockFacts,
  type BlockHits,
  type BlockKind,
  type BlockPatterns,
  type BlockTarget,
} from './blocks/block.ts';
export { createBlockGate, type BlockGate } from './blocks/gate.ts';
export { readBlockValue, type ReadBlockValue } from './blocks/read-value.ts';
export { asReauthentication, createChain, type Chain, type ChainOptions, type ChainStage } from './chain.ts';
export {
  authenticatorsOf,
  chainProblems,
  completeGroup,
  type ChainProblem,
  type ChainSetupEntry,
  type RequireSetup,
} from './chain-setup.ts';
export type { BasicCredential, StoredCredential, StoredHash, UnparsableCredential } from './credential.ts';
export {
  createGuessingBudget,
  type GuessingBudgetOptions,
  type GuessingCounters,
  type ManagedGuessingBudget,
  type SlowedGuesser,
} from './guessing/budget.ts';
export type { Forgiven } from './guessing/forgive.ts';
export type { Guesser, GuesserFailures, GuesserKind } from './guessing/ledger.ts';
export { GUESSING_LIMITS, type GuessingLimits } from './guessing/limits.ts';
export { createBuiltin, type BuiltinHooks, type BuiltinOptions } from './methods/builtin.ts';
export { createHttp, explainHttp, type HttpOptions } from './methods/http.ts';
export type { HttpEndpoint, HttpRequest, HttpService } from './methods/http-request.ts';
export {
  askHttpAcl,
  type HttpAclAnswer,
  type HttpAclOptions,
  type HttpAclQuestion,
} from './methods/http-acl.ts';
export type { HttpAnswer } from './methods/http-answer.ts';
export { readStatus, type StatusReading } from './methods/http-status.ts';
export {
  HTTP_PLACEHOLDERS,
  HTTP_TOPIC_PLACEHOLDERS,
  isPasswordParam,
  isUnknownPlaceholder,
  type AbsentParam,
  type ParamTemplates,
} from './methods/http-template.ts';
export { createJwt, type JwtOptions } from './methods/jwt.ts';
export type { Claims, TokenHeader, TokenVerification, TokenVerifier } from './methods/jwt-token.ts';
export { createLdap, type LdapOptions } from './methods/ldap.ts';
export {
  isLdapFault,
  type LdapBindAnswer,
  type LdapDirectory,
  type LdapEntry,
  type LdapFault,
  type LdapQuestion,
  type LdapSearchAnswer,
} from './methods/ldap-directory.ts';
export { attributesToRead, schemeOf, storedPasswords, type LdapAttributes } from './methods/ldap-entry.ts';
export {
  filterOf,
  parseLdapTemplate,
  placeholdersOf,
  questionFor,
  type LdapPlaceholder,
  type LdapSearchForm,
  type LdapTemplate,
} from './methods/ldap-template.ts';
export { regrantBuiltin, type AdmittedSession } from './methods/builtin-regrant.ts';
export {
  createScram,
  type ScramCredential,
  type ScramCredentials,
  type ScramOptions,
  type StoredScramCredential,
} from './methods/scram.ts';
export { readScramKeys, writeScramKeys, type ScramKeysByMechanism } from './methods/scram-stored.ts';
export { decideAsScramClient } from './methods/scram-client.ts';
export { saslprep } from './methods/scram-saslprep.ts';
export {
  deriveScramKeys,
  isScramMechanism,
  SCRAM_HASH_BYTES,
  SCRAM_LIMITS,
  SCRAM_MECHANISMS,
  SCRAM_RANDOM_BYTES,
  scramKeysProblem,
  type ScramCrypto,
  type ScramHash,
  type ScramKeys,
  type ScramMechanism,
} from './methods/scram-secret.ts';
export { createSource, type SourceOptions } from './methods/source.ts';
export {
  readBySourceRule,
  type BackendFault,
  type RecordAnswer,
  type RecordLookup,
  type RulesAnswer,
  type SourceHashProblem,
  type SourceHashRule,
  type SourceRecord,
  type SuperuserAnswer,
} from './methods/source-lookup.ts';
export {
  aclRule,
  actionOf,
  isTrue,
  rulesOfRows,
  SOURCE_RULES_MAX,
  type AclRow,
} from './methods/source-rules.ts';
export { looksLike } from './methods/source-verdicts.ts';
export { createPsk, type PskOptions } from './methods/psk.ts';
export type { PskCredential, PskCredentials, StoredPskCredential } from './methods/psk-credentials.ts';
export { regrantStored } from './methods/stored-regrant.ts';
export { createX509, type X509Options } from './methods/x509.ts';
export {
  X509_CN_KEY,
  X509_PATTERN_KEY,
  x509KeyOf,
  x509KeysOf,
  type X509MatchValue,
} from './methods/x509-keys.ts';
export {
  createX509List,
  joinX509,
  X509_SPECIFIC_FIRST,
  type FoundX509,
  type MatchedX509,
  type RulesOfCn,
  type TextMatcher,
  type UnparsableX509Credential,
  type X509Credential,
  type X509Credentials,
  type X509Match,
} from './methods/x509-credentials.ts';
export { andThen } from './maybe-promise.ts';
export { mismatchCandidates, type CandidateHint, type MismatchCandidate } from './mismatch-candidates.ts';
export type {
  Authenticator,
  Clock,
  CredentialSource,
  Exchange,
  ExchangeStep,
  GuessedIdentity,
  GuessingBudget,
  LookupStrategy,
  MaybePromise,
  MismatchProbe,
  PasswordVerifier,
  Verification,
  VerificationSubject,
} from './needs.ts';
export { sampleOf, signatureOf } from './attempt-history.ts';
export { MOUNTPOINT_CHARACTERS_MAX, mountpointTemplateProblem, readMountpoint } from './mountpoint.ts';
export { oldestOf } from './oldest.ts';
export { parseAddress, type AddressBytes } from './network/address.ts';
export { inCidr, networkOf, parseCidr, type Cidr } from './network/cidr.ts';
export * from './reasons/index.ts';
export {
  GROUP_BINDS,
  narrowGroupGrant,
  type ChainStep,
  type GroupBind,
  type RequireGroup,
} from './require.ts';
export { Secret } from './secret.ts';
export { connackAsEmqx43, type ConnackOf } from './preset/emqx-connack.ts';
export { rulingsOfEmqx43 } from './preset/emqx-rulings.ts';
export type { StepPolicy } from './settle.ts';
export { REQUIRE, type ChainEntry } from './trace.ts';
export type {
  Decision,
  Grant,
  Outcome,
  Principal,
  SafeDetail,
  Trace,
  TraceStep,
  Verdict,
} from './verdict.ts';
