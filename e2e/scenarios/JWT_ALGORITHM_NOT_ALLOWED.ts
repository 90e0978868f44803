import { tokenScenario, unsigned } from '../support/tokens.ts';

export const scenario = tokenScenario((clientId) => unsigned({ sub: clientId }));
