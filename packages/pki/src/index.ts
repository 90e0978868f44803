export {
  type Authority,
  DamagedAuthorityError,
  ensureServerCertificate,
  issue,
  openAuthority,
  type Revocation,
  revoke,
  SERVER_DAYS,
  type ServerCertificateFiles,
} from './authority.ts';
export {
  type CertificateRequest,
  COMMON_NAME_CHARACTERS_MAX,
  type Credentials,
  DAYS_MAX,
  type Purpose,
  serialOf,
  toPkcs12,
} from './certificate.ts';
export { REVOCATION_REASONS, type RevocationReason, type Revoked } from './crl.ts';
export { pkiFiles, type PkiFiles, writeCredentials, writeWhole } from './files.ts';
export { machineNames } from './names.ts';
