import { hs256, tokenScenario } from '../support/tokens.ts';

// Milliseconds where the standard says seconds.
export const scenario = tokenScenario((clientId) => hs256({ sub: clientId, iat: Date.now() }));
