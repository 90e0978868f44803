import { serviceScenario } from '../support/http-service.ts';

export const scenario = serviceScenario();
