import access from '@/messages/en/access.json';
import audit from '@/messages/en/audit.json';
import auth from '@/messages/en/auth.json';
import authentication from '@/messages/en/authentication.json';
import blocked from '@/messages/en/blocked.json';
import certificates from '@/messages/en/certificates.json';
import clients from '@/messages/en/clients.json';
import common from '@/messages/en/common.json';
import credentials from '@/messages/en/credentials.json';
import details from '@/messages/en/details.json';
import messages from '@/messages/en/messages.json';
import overview from '@/messages/en/overview.json';
import reasons from '@/messages/en/reasons.json';
import requirements from '@/messages/en/requirements.json';
import retained from '@/messages/en/retained.json';
import settings from '@/messages/en/settings.json';
import shell from '@/messages/en/shell.json';
import start from '@/messages/en/start.json';
import subscriptions from '@/messages/en/subscriptions.json';
import tester from '@/messages/en/tester.json';
import unauthorized from '@/messages/en/unauthorized.json';

/** Text of the signed-in console, one area per file. Only the server imports this; the page gets it once. */
export const consoleMessages = {
  access,
  audit,
  authentication,
  blocked,
  certificates,
  clients,
  common,
  credentials,
  details,
  messages,
  overview,
  reasons,
  requirements,
  retained,
  settings,
  shell,
  start,
  subscriptions,
  tester,
  unauthorized,
} as const;

export const authMessages = { auth, common } as const;
