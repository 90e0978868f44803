import { tokenScenario } from '../support/tokens.ts';

export const scenario = tokenScenario(() => undefined);
