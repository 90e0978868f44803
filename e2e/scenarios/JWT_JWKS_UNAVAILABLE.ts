import { rs256, tokenScenario } from '../support/tokens.ts';

// Nobody listens on the port of tcpmux.
const NO_KEY_SET = [
  'auth.authenticators.tokens={type: jwt, jwks_url: "http://127.0.0.1:1/jwks.json"}',
  'auth.chains.default=[tokens]',
] as const;

export const scenario = tokenScenario((clientId) => rs256({ sub: clientId }), NO_KEY_SET);
