import { z } from 'zod';

/** What goes into a backup besides what always does. */
export const backupBody = z.strictObject({
  withKey: z.boolean().describe('The secret key too, which opens what is sealed in the backup.'),
});
