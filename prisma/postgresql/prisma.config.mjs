import { defineConfig } from 'prisma/config';

// `generate` needs no schema engine, yet the CLI downloads one unless a path to an executable is given: any will do.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;
process.env['CHECKPOINT_DISABLE'] ??= '1';
process.env['PRISMA_HIDE_UPDATE_MESSAGE'] ??= '1';

export default defineConfig({ schema: '.', migrations: { path: './migrations' } });
