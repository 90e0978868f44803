import { hs256, nowSeconds, tokenScenario } from '../support/tokens.ts';

export const scenario = tokenScenario((clientId) => hs256({ sub: clientId, exp: nowSeconds() - 60 }));
