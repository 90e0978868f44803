import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { routeGetSetup } from './session/get-setup.ts';
import { routeCompleteSetup } from './session/complete-setup.ts';
import { routeMakeBackup } from './backup/make.ts';
import { routeDrain } from './drain/drain.ts';
import { routeIssueSetupLink } from './session/issue-setup-link.ts';
import { routeGetSession } from './session/get.ts';
import { routeLogin } from './session/login.ts';
import { routeLogout } from './session/logout.ts';
import { routeSso } from './session/sso.ts';
import { routeAccount } from './account/own.ts';
import { routeInvitations } from './users/invitations.ts';
import { routeResetUserTotp } from './users/reset-totp.ts';
import { routeListUsers } from './users/list.ts';
import { routeCreateUser } from './users/create.ts';
import { routeUpdateUser } from './users/update.ts';
import { routeDeleteUser } from './users/delete.ts';
import { routeListApiKeys } from './api-keys/list.ts';
import { routeCreateApiKey } from './api-keys/create.ts';
import { routeDeleteApiKey } from './api-keys/delete.ts';
import { routeListAudit } from './audit/list.ts';
import { routeGetAuditEntry } from './audit/get.ts';
import { routeVerifyAudit } from './audit/verify.ts';
import { routeExportAudit } from './audit/export.ts';
import { routeListCredentials } from './credentials/list.ts';
import { routeListCredentialTags } from './credentials/list-tags.ts';
import { routeCreateCredential } from './credentials/create.ts';
import { routeGetCredential } from './credentials/get.ts';
import { routeUpdateCredential } from './credentials/update.ts';
import { routeDeleteCredential } from './credentials/delete.ts';
import { routeDeleteCredentials } from './credentials/delete-many.ts';
import { routeSetCredentialsEnabled } from './credentials/set-enabled.ts';
import { routeResetCredentialSecret } from './credentials/reset-secret.ts';
import { routeAcceptPreviousSecret } from './credentials/accept-previous.ts';
import { routeExportCredentials } from './credentials/export.ts';
import { routeExportCredentialsJson } from './credentials/export-json.ts';
import { routeReadCertificate } from './credentials/read-certificate.ts';
import { addImportParsers } from '../http/import-parsers.ts';
import { routeImportCredentials } from './credentials/import.ts';
import { routeListAuthenticators, routeListAuthenticatorTypes } from './authentication/list.ts';
import {
  routeGetAuthenticator,
  routeGetAuthenticatorStatus,
  routeTestAuthenticator,
} from './authentication/read.ts';
import {
  routeCreateAuthenticator,
  routeDeleteAuthenticator,
  routeUpdateAuthenticator,
} from './authentication/write.ts';
import {
  routeGetAnonymous,
  routeGetChain,
  routeListChains,
  routePutAnonymous,
  routePutChain,
} from './authentication/chains.ts';
import {
  routeClearAclCache,
  routeClearDenials,
  routeGetAclCache,
  routeListDenials,
} from './access/denials.ts';
import {
  routeCreateAccessRule,
  routeDeleteAccessRule,
  routeGetAccessRule,
  routeListAccessRules,
  routeMoveAccessRule,
  routeTryAccess,
  routeUpdateAccessRule,
} from './access/rules.ts';
import { routeAlertChannels, routeAlertRules, routeAlerts } from './alerts/alerts.ts';
import { routeListBlocks } from './blocks/list.ts';
import { routeCreateBlock } from './blocks/create.ts';
import { routePreviewBlock } from './blocks/preview.ts';
import { routeGetBlock } from './blocks/get.ts';
import { routeUpdateBlock } from './blocks/update.ts';
import { routeDeleteBlock } from './blocks/delete.ts';
import {
  routePreviewRevertAnonymous,
  routePreviewRevertAuthenticator,
  routePreviewRevertChain,
  routeRevertAnonymous,
  routeRevertAuthenticator,
  routeRevertChain,
} from './authentication/revert.ts';
import { routeDryRunChain } from './authentication/dry-run.ts';
import { routeListTroubledClients } from './unauthorized/troubled.ts';
import { routeListSlowedGuessers } from './guessing/list.ts';
import { routeForgiveGuessers } from './guessing/forgive.ts';
import { routeListUnauthorizedClients } from './unauthorized/list.ts';
import { routeListUnauthorizedAttempts } from './unauthorized/attempts.ts';
import { routeGetUnauthorizedClient } from './unauthorized/get.ts';
import { routeDeleteUnauthorizedClient } from './unauthorized/delete-one.ts';
import { routeDeleteUnauthorizedClients } from './unauthorized/delete.ts';
import { routeUndoUnauthorizedDeletion } from './unauthorized/undo.ts';
import { routeGetUnauthorizedFacets } from './unauthorized/facets.ts';
import { routeGetUnauthorizedHistogram } from './unauthorized/histogram.ts';
import { routeGetUnauthorizedGroups } from './unauthorized/groups.ts';
import { routeGetRecorderStatus } from './unauthorized/recorder.ts';
import { routeReleaseUnauthorizedSession } from './unauthorized/release-session.ts';
import { routeForgiveUnauthorizedFailures } from './unauthorized/forgive-failures.ts';
import { routeExportUnauthorizedCsv } from './unauthorized/export-csv.ts';
import { routeExportUnauthorizedJson } from './unauthorized/export-json.ts';
import { routeStreamUnauthorizedClients } from './unauthorized/stream.ts';
import { routeStartWatch } from './watches/start.ts';
import { routeListWatches } from './watches/list.ts';
import { routeReadWatch } from './watches/read.ts';
import { routeStopWatch } from './watches/stop.ts';
import { routeListClients } from './clients/list.ts';
import { routeDisconnectClients } from './clients/disconnect-many.ts';
import { routeGetClient } from './clients/get.ts';
import { routeDisconnectClient } from './clients/disconnect.ts';
import { routeListClientSubscriptions } from './clients/subscriptions.ts';
import { routeListSubscriptions } from './subscriptions/list.ts';
import { routeRemoveSubscription } from './subscriptions/remove.ts';
import { routeListRetained } from './retained/list.ts';
import { routeGetRetained } from './retained/get.ts';
import { routeDeleteRetained } from './retained/delete.ts';
import { routePublish } from './publish/run.ts';
import { routeOpenMessageSession } from './messages/open-session.ts';
import { routeCloseMessageSession } from './messages/close-session.ts';
import {
  routeGetCaCertificate,
  routeGetCertificate,
  routeGetCertificateAuthority,
  routeGetCertificatePem,
  routeGetCrlDer,
  routeGetCrlPem,
  routeListCertificates,
} from './certificates/read.ts';
import {
  routeDistrustCa,
  routeIssueCertificate,
  routeRenewCertificate,
  routeRevokeCertificate,
  routeTrustCa,
} from './certificates/write.ts';
import { routeGetOwnCa } from './certificates/own-ca.ts';
import { routeListLimits } from './limits/list.ts';
import { routeTryAttempt } from './try/run.ts';
import { routeGetStats } from './stats/get.ts';
import { routeListNodes } from './stats/nodes.ts';
import { routeGetOverview } from './stats/overview.ts';
import { routeGetSeries } from './stats/series.ts';
import { routeGetStartStatus } from './stats/start-status.ts';
import { routeGetMetrics } from './stats/metrics.ts';
import { routeGetHealth } from './health/healthz.ts';
import { routeGetReadiness } from './health/readyz.ts';
import { routeGetOpenApi } from './health/openapi.ts';
import { routeGetDocs } from './health/docs.ts';

/** Every route; a test holds this list equal to the contract's endpoints. */
const ROUTES: readonly ((app: FastifyInstance) => void)[] = [
  routeGetSetup,
  routeCompleteSetup,
  routeIssueSetupLink,
  routeMakeBackup,
  routeDrain,
  routeGetSession,
  routeLogin,
  routeLogout,
  routeSso,
  routeAccount,
  routeInvitations,
  routeResetUserTotp,
  routeListUsers,
  routeCreateUser,
  routeUpdateUser,
  routeDeleteUser,
  routeListApiKeys,
  routeCreateApiKey,
  routeDeleteApiKey,
  routeListAudit,
  routeGetAuditEntry,
  routeVerifyAudit,
  routeExportAudit,
  routeListCredentials,
  routeListCredentialTags,
  routeCreateCredential,
  routeGetCredential,
  routeUpdateCredential,
  routeDeleteCredential,
  routeDeleteCredentials,
  routeSetCredentialsEnabled,
  routeResetCredentialSecret,
  routeAcceptPreviousSecret,
  routeExportCredentials,
  routeExportCredentialsJson,
  routeReadCertificate,
  routeListAuthenticators,
  routeListAuthenticatorTypes,
  routeCreateAuthenticator,
  routeGetAuthenticator,
  routeUpdateAuthenticator,
  routeDeleteAuthenticator,
  routeTestAuthenticator,
  routeGetAuthenticatorStatus,
  routeListChains,
  routeGetChain,
  routePutChain,
  routeDryRunChain,
  routeRevertAuthenticator,
  routeRevertChain,
  routeRevertAnonymous,
  routePreviewRevertAuthenticator,
  routePreviewRevertChain,
  routePreviewRevertAnonymous,
  routeGetAnonymous,
  routePutAnonymous,
  routeListAccessRules,
  routeCreateAccessRule,
  routeGetAccessRule,
  routeUpdateAccessRule,
  routeMoveAccessRule,
  routeDeleteAccessRule,
  routeTryAccess,
  routeListDenials,
  routeClearDenials,
  routeGetAclCache,
  routeClearAclCache,
  routeListBlocks,
  routeCreateBlock,
  routePreviewBlock,
  routeGetBlock,
  routeUpdateBlock,
  routeDeleteBlock,
  routeAlerts,
  routeAlertRules,
  routeAlertChannels,
  routeListSlowedGuessers,
  routeForgiveGuessers,
  routeListUnauthorizedClients,
  routeListUnauthorizedAttempts,
  routeGetUnauthorizedClient,
  routeDeleteUnauthorizedClient,
  routeDeleteUnauthorizedClients,
  routeUndoUnauthorizedDeletion,
  routeGetUnauthorizedFacets,
  routeGetUnauthorizedHistogram,
  routeGetUnauthorizedGroups,
  routeGetRecorderStatus,
  routeReleaseUnauthorizedSession,
  routeForgiveUnauthorizedFailures,
  routeExportUnauthorizedCsv,
  routeExportUnauthorizedJson,
  routeStreamUnauthorizedClients,
  routeListTroubledClients,
  routeStartWatch,
  routeListWatches,
  routeReadWatch,
  routeStopWatch,
  routeListClients,
  routeDisconnectClients,
  routeGetClient,
  routeDisconnectClient,
  routeListClientSubscriptions,
  routeListSubscriptions,
  routeRemoveSubscription,
  routeListRetained,
  routeGetRetained,
  routeDeleteRetained,
  routePublish,
  routeOpenMessageSession,
  routeCloseMessageSession,
  routeGetOwnCa,
  routeListCertificates,
  routeIssueCertificate,
  routeGetCertificateAuthority,
  routeGetCaCertificate,
  routeGetCrlPem,
  routeGetCrlDer,
  routeTrustCa,
  routeDistrustCa,
  routeGetCertificate,
  routeGetCertificatePem,
  routeRenewCertificate,
  routeRevokeCertificate,
  routeListLimits,
  routeTryAttempt,
  routeGetStats,
  routeListNodes,
  routeGetOverview,
  routeGetSeries,
  routeGetStartStatus,
  routeGetMetrics,
  routeGetHealth,
  routeGetReadiness,
  routeGetOpenApi,
  routeGetDocs,
];

/** CSV is understood by the import alone (anywhere else it is an unsupported media type), and so are long arrays. */
const addImport: FastifyPluginCallback = (scope, _options, done) => {
  addImportParsers(scope);
  routeImportCredentials(scope);
  done();
};

export const addRoutes = async (app: FastifyInstance): Promise<void> => {
  for (const route of ROUTES) route(app);
  await app.register(addImport);
};
