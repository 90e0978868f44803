import { PASSWORD_FOR, type PasswordFor, type Role } from '@gatehouse/contract';
import { z } from 'zod';
import type { Context } from '../../context.ts';

/** Its key among the stored settings. */
export const PASSWORD_FOR_SETTING = 'sign-in.password-for';
const stored = z.enum(PASSWORD_FOR);

/** Who may sign in with a password: everybody where there is no provider to sign in at. */
export const passwordFor = async ({ house }: Context): Promise<PasswordFor> => {
  if (house.sso === undefined) return 'everyone';
  const read = stored.safeParse(await house.store.settings.get(PASSWORD_FOR_SETTING));
  return read.success ? read.data : 'everyone';
};

export const mayUsePassword = async (ctx: Context, role: Role): Promise<boolean> =>
  role === 'owner' || (await passwordFor(ctx)) === 'everyone';
