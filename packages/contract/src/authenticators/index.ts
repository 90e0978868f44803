export { builtinSettings, type BuiltinSettings } from './builtin.ts';
export { backendShape, backendTls, passwordHash, pem, secretText, stepShape } from './common.ts';
