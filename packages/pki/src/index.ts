export {
  type Authority,
  DamagedAuthorityError,
  ensureServerCertificate,
  issue,
  issuedCertificates,
  issueFor,
  openAuthority,
  SERVER_DAYS,
  type ServerCertificateFiles,
  writeRevocations,
} from './authority.ts';
export {
  type CertificateRequest,
  COMMON_NAME_CHARACTERS_MAX,
  type Credentials,
  DAYS_MAX,
  publicKeyOf,
  type Purpose,
  serialOf,
  toPkcs12,
} from './certificate.ts';
export { CRL_DAYS, REVOCATION_REASONS, type RevocationReason, type Revoked } from './crl.ts';
export { pkiFiles, type PkiFiles, writeCredentials, writeWhole } from './files.ts';
export { kindOfName, machineNames, type NameKind } from './names.ts';
export { InvalidRequestError, readSigningRequest, type SigningRequest } from './signing-request.ts';
