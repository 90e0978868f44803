import type { Command } from 'commander';
import { addCredential, updateCredential } from './credentials-write.ts';
import { exportCredentials, importCredentials } from './credentials-transfer.ts';
import { listCredentials, removeCredentials, showCredential } from './credentials-read.ts';
import { newGroup, type Host } from './command.ts';

export const credentialsCommand = (host: Host): Command =>
  newGroup('credentials', 'who may connect')
    .addCommand(addCredential(host))
    .addCommand(listCredentials(host))
    .addCommand(showCredential(host))
    .addCommand(updateCredential(host))
    .addCommand(removeCredentials(host))
    .addCommand(importCredentials(host))
    .addCommand(exportCredentials(host));
