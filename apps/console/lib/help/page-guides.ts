/** The guide that each page of the console leads to, by where it stands below `/help`. */
export const PAGE_GUIDES = {
  overview: 'overview',
  unauthorized: 'refused-client',
  credentials: 'credentials',
  authentication: 'authentication',
  access: 'access-rules',
  blocked: 'blocked-clients',
  alerts: 'alerts',
  certificates: 'certificates',
  try: 'refused-client',
  clients: 'broker',
  subscriptions: 'broker',
  retained: 'broker',
  messages: 'broker',
  limits: 'broker',
  audit: 'audit',
  apiKeys: 'api-keys',
  users: 'accounts',
  account: 'accounts',
  start: 'first-device',
} as const;

/** A page that has a guide, named as the menu names it. */
export type GuidedPage = keyof typeof PAGE_GUIDES;
