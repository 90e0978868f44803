import access from './access.json' with { type: 'json' };
import account from './account.json' with { type: 'json' };
import alerts from './alerts.json' with { type: 'json' };
import audit from './audit.json' with { type: 'json' };
import auth from './auth.json' with { type: 'json' };
import authentication from './authentication.json' with { type: 'json' };
import blocked from './blocked.json' with { type: 'json' };
import certificates from './certificates.json' with { type: 'json' };
import clients from './clients.json' with { type: 'json' };
import common from './common.json' with { type: 'json' };
import credentials from './credentials.json' with { type: 'json' };
import details from './details.json' with { type: 'json' };
import help from './help.json' with { type: 'json' };
import limits from './limits.json' with { type: 'json' };
import messages from './messages.json' with { type: 'json' };
import overview from './overview.json' with { type: 'json' };
import problems from './problems.json' with { type: 'json' };
import reasons from './reasons.json' with { type: 'json' };
import requirements from './requirements.json' with { type: 'json' };
import retained from './retained.json' with { type: 'json' };
import settings from './settings.json' with { type: 'json' };
import shell from './shell.json' with { type: 'json' };
import start from './start.json' with { type: 'json' };
import subscriptions from './subscriptions.json' with { type: 'json' };
import tester from './tester.json' with { type: 'json' };
import unauthorized from './unauthorized.json' with { type: 'json' };

/** Text of the signed-in console, one area per file. Only the server imports this; a page gets the areas that it shows. */
export const consoleMessages = {
  access,
  account,
  alerts,
  audit,
  authentication,
  blocked,
  certificates,
  clients,
  common,
  credentials,
  details,
  help,
  messages,
  overview,
  problems,
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

/** Text of the pages before the sign-in. */
export const authMessages = { auth, common } as const;

/** What each limit of the broker bounds, by its name: for the one page that shows them. */
export const limitMessages = limits;
