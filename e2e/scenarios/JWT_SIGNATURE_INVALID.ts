import { hs256, tokenScenario } from '../support/tokens.ts';

export const scenario = tokenScenario((clientId) => hs256({ sub: clientId }, 'another-secret'));
