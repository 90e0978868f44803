import { authorize, type Context } from '../../context.ts';

/** What each type takes, for forms and scripts. */
export const listAuthenticatorTypes = (ctx: Context) => {
  authorize(ctx, 'authentication:read');
  const { catalogue } = ctx.house.auth;
  return { items: catalogue.types.map((type) => ({ type, schema: { ...catalogue.schema(type) } })) };
};
