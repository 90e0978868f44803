// docs/reference/configuration.md: every setting, from the schema that checks it.
import { configurationReference } from '../apps/server/dist/config/reference.js';
import { emit } from './lib/generated.mjs';

await emit('docs/reference/configuration.md', configurationReference());
