import type {
  AccessRulesPageDto,
  AccountDto,
  AccountSessionDto,
  AclCacheDto,
  AlertChannelDto,
  AlertDto,
  AlertRuleDto,
  AlertSilenceDto,
  AnonymousDto,
  ApiKeyDto,
  AuditEntryDto,
  BlockDto,
  AuthenticatorDto,
  CertificateAuthorityDto,
  ChainDto,
  ClientSessionDto,
  ClientSubscriptionDto,
  CredentialDto,
  DenialsPageDto,
  InvitationDto,
  IssuedCertificateDto,
  LimitListDto,
  OverviewDto,
  RetainedMessageDto,
  RetainedSummaryDto,
  RevertPreviewDto,
  SeriesDto,
  ProviderStatusDto,
  SessionDto,
  SignInOptionsDto,
  SignInSettingsDto,
  SlowedGuessersDto,
  StartStatusDto,
  StatsDto,
  UserDto,
} from '@gatehouse/contract';
import type { AuthenticatorStatus, AuthenticatorType } from '@/components/authentication/types';
import type { Query } from './api';
import { resource } from './resource';

/** A list's answer, as `pageOf` of the contract. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly prev: string | null;
  readonly total: number;
  readonly totalIsExact: boolean;
}

/** A page of what the nodes hold in memory. */
export interface ScanPageOf<T> extends PageOf<T> {
  readonly nodes: readonly string[];
  /** Of them those that did not answer. */
  readonly missing: readonly string[];
}

export interface ListOf<T> {
  readonly items: readonly T[];
}

/** What pages read, by name; the same on the server and in the browser. */
export const sessionResource = resource<SessionDto>('/session');
export const accountResource = resource<AccountDto>('/account');
export const accountSessionsResource = resource<ListOf<AccountSessionDto>>('/account/sessions');
export const signInResource = resource<SignInOptionsDto>('/sign-in');
export const signInSettingsResource = resource<SignInSettingsDto>('/sign-in/settings');
export const providerStatusResource = resource<ProviderStatusDto>('/sign-in/provider');
export const invitationsResource = resource<ListOf<InvitationDto>>('/invitations');
export const statsResource = (query: Query = {}) => resource<StatsDto>('/stats', query);
export const overviewResource = (query: Query = {}) => resource<OverviewDto>('/stats/overview', query);
export const seriesResource = (query: Query = {}) => resource<SeriesDto>('/stats/series', query);
export const credentialsResource = (query: Query = {}) =>
  resource<PageOf<CredentialDto>>('/credentials', query);
export const credentialResource = (id: string) =>
  resource<CredentialDto>(`/credentials/${encodeURIComponent(id)}`);
/** Who may not try a password now because logins failed. */
export const slowedResource = resource<SlowedGuessersDto>('/guessing');

/** As many as are drawn; the API has the others. */
const ACCESS_RULES_SHOWN = 200;
export const accessRulesResource = () =>
  resource<AccessRulesPageDto>('/acl-rules', { limit: ACCESS_RULES_SHOWN });
export const aclCacheResource = resource<AclCacheDto>('/acl-cache');
export const denialsResource = (query: Query = {}) => resource<DenialsPageDto>('/denials', query);
export const blocksResource = (query: Query = {}) => resource<PageOf<BlockDto>>('/blocked-clients', query);
export const alertsResource = (query: Query = {}) => resource<PageOf<AlertDto>>('/alerts', query);
export const alertRulesResource = resource<ListOf<AlertRuleDto>>('/alert-rules');
export const alertChannelsResource = resource<ListOf<AlertChannelDto>>('/alert-channels');
export const alertSilencesResource = resource<ListOf<AlertSilenceDto>>('/alert-silences');
export const certificatesResource = (query: Query = {}) =>
  resource<PageOf<IssuedCertificateDto>>('/certificates', query);
export const authorityResource = resource<CertificateAuthorityDto>('/certificates/authority');
export const clientsResource = (query: Query = {}) =>
  resource<ScanPageOf<ClientSessionDto>>('/clients', query);
export const clientResource = (clientId: string) =>
  resource<ClientSessionDto>(`/clients/${encodeURIComponent(clientId)}`);
export const subscriptionsResource = (query: Query = {}) =>
  resource<ScanPageOf<ClientSubscriptionDto>>('/subscriptions', query);
export const retainedResource = (query: Query = {}) =>
  resource<PageOf<RetainedSummaryDto>>('/retained', query);
export const retainedMessageResource = (topic: string) =>
  resource<RetainedMessageDto>('/retained/message', { topic });
export const limitsResource = resource<LimitListDto>('/limits');
export const auditResource = (query: Query = {}) => resource<PageOf<AuditEntryDto>>('/audit', query);
export const apiKeysResource = resource<ListOf<ApiKeyDto>>('/api-keys');
export const usersResource = resource<ListOf<UserDto>>('/users');
export const startStatusResource = resource<StartStatusDto>('/start-status');
export const authenticatorsResource = resource<ListOf<AuthenticatorDto>>('/authenticators');
export const authenticatorResource = (name: string) =>
  resource<AuthenticatorDto>(`/authenticators/${encodeURIComponent(name)}`);
export const authenticatorStatusResource = (name: string) =>
  resource<AuthenticatorStatus>(`/authenticators/${encodeURIComponent(name)}/status`);
export const authenticatorTypesResource = resource<ListOf<AuthenticatorType>>('/authenticator-types');
export const chainsResource = resource<ListOf<ChainDto>>('/chains');
/** What a revert of the chain, authenticator or policy at this path would bring back. */
export const revertPreviewResource = (path: string) => resource<RevertPreviewDto>(`${path}/revert`);
export const anonymousResource = resource<AnonymousDto>('/anonymous');
