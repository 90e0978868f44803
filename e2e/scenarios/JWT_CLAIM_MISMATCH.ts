import { hs256, tokenScenario } from '../support/tokens.ts';

export const scenario = tokenScenario(() => hs256({ sub: 'another-device' }));
