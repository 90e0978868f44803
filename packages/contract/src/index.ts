export * from './admin.ts';
export * from './common.ts';
export * from './credentials.ts';
export * from './endpoint.ts';
export * from './endpoints.ts';
export * from './operations.ts';
export * from './roles.ts';
export * from './unauthorized.ts';
