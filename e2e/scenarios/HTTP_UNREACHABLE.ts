import { NO_SERVICE_SETTINGS, serviceScenario } from '../support/http-service.ts';

export const scenario = serviceScenario(NO_SERVICE_SETTINGS);
