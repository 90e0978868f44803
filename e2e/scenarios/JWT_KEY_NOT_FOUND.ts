import { rs256, tokenScenario } from '../support/tokens.ts';

export const scenario = tokenScenario((clientId) => rs256({ sub: clientId }));
