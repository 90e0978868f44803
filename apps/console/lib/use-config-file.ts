import { startStatusResource } from './endpoints';
import { useResource } from './use-resource';

/** Where the server's configuration file is; its name alone until the server has told. */
export const useConfigFile = (): string =>
  useResource(startStatusResource).data?.configFile ?? 'gatehouse.yaml';
