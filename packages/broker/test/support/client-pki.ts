import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key and the certificates that lead to its root, all PEM, and the files they lie in. */
export interface IssuedCertificate {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** The certificate and what is above it, without the root. */
  readonly chain: string;
}

export interface CertificateWish {
  /** As OpenSSL writes it, `/O=Acme/CN=pump-7`. */
  readonly subject: string;
  /** Undefined: signed with its own key. */
  readonly issuer?: IssuedCertificate;
  readonly isAuthority?: boolean;
  /** OpenSSL's notation, `DNS:pump.example,URI:urn:dev:7`. */
  readonly alternativeNames?: string;
  readonly usage?: 'clientAuth' | 'serverAuth';
  /** `YYYYMMDDHHMMSSZ`; default: from yesterday for ten days. */
  readonly from?: string;
  readonly until?: string;
}

const DAY_MS = 86_400_000;

/** A moment some days from now as OpenSSL writes it. */
export const inDays = (days: number): string =>
  new Date(Date.now() + days * DAY_MS).toISOString().replaceAll(/[-:T]/g, '').replace(/\.\d+/, '');

/** Certificates of any kind, made with OpenSSL in a directory of their own. The caller removes it. */
export class ClientPki {
  readonly dir = mkdtempSync(join(tmpdir(), 'gatehouse-client-pki-'));
  #count = 0;

  make(wish: CertificateWish): IssuedCertificate {
    this.#count += 1;
    const name = `c${this.#count}`;
    const [keyFile, certFile, request] = ['key', 'crt', 'csr'].map((end) => this.#path(`${name}.${end}`)) as [
      string,
      string,
      string,
    ];
    this.#openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', keyFile);
    this.#openssl(
      'req',
      '-new',
      '-config',
      this.#write('req.cnf', REQUEST),
      '-key',
      keyFile,
      '-subj',
      wish.subject,
      '-utf8',
      '-out',
      request,
    );
    const { issuer } = wish;
    const signer =
      issuer === undefined
        ? ['-selfsign', '-keyfile', keyFile]
        : ['-keyfile', issuer.keyFile, '-cert', this.#leafFile(issuer)];
    const dates = ['-startdate', wish.from ?? inDays(-1), '-enddate', wish.until ?? inDays(9)];
    const extensions = this.#write(`${name}.ext`, extensionsOf(wish));
    this.#openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      this.#authorityConfig(issuer?.name ?? name),
      ...signer,
      ...dates,
      '-extfile',
      extensions,
      '-in',
      request,
      '-out',
      certFile,
    );
    const cert = readFileSync(certFile, 'utf8');
    const isRoot = issuer === undefined;
    const above = isRoot || issuer.chain === '' ? '' : issuer.chain;
    return {
      name,
      cert,
      key: readFileSync(keyFile, 'utf8'),
      certFile,
      keyFile,
      chain: isRoot ? '' : `${cert}${above}`,
    };
  }

  /** Takes back what this authority issued; tell it in its next list. */
  revoke(authority: IssuedCertificate, certificate: IssuedCertificate): void {
    this.#openssl(
      'ca',
      '-config',
      this.#authorityConfig(authority.name),
      '-keyfile',
      authority.keyFile,
      '-cert',
      this.#leafFile(authority),
      '-revoke',
      this.#leafFile(certificate),
    );
  }

  /** The authority's revocation list, PEM; `until` as for certificates. */
  list(authority: IssuedCertificate, until = inDays(5)): string {
    const out = this.#path('list.crl');
    const dates = ['-crl_lastupdate', inDays(-2), '-crl_nextupdate', until];
    this.#openssl(
      'ca',
      '-gencrl',
      '-config',
      this.#authorityConfig(authority.name),
      '-keyfile',
      authority.keyFile,
      '-cert',
      this.#leafFile(authority),
      ...dates,
      '-out',
      out,
    );
    return readFileSync(out, 'utf8');
  }

  /** Writes a file beside the certificates. */
  file(name: string, text: string): string {
    return this.#write(name, text);
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  #authorityConfig(name: string): string {
    const dir = this.#path(`ca-${name}`);
    const file = join(dir, 'ca.cnf');
    try {
      mkdirSync(dir);
    } catch {
      return file;
    }
    writeFileSync(join(dir, 'index'), '');
    writeFileSync(join(dir, 'serial'), `${(0x1000 + this.#count).toString(16)}\n`);
    writeFileSync(join(dir, 'number'), '01\n');
    writeFileSync(file, authorityConfig(dir));
    return file;
  }

  #leafFile({ name }: IssuedCertificate): string {
    return this.#path(`${name}.crt`);
  }

  #path(name: string): string {
    return join(this.dir, name);
  }

  #write(name: string, text: string): string {
    const path = this.#path(name);
    writeFileSync(path, text);
    return path;
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

const REQUEST = '[req]\ndistinguished_name=dn\n[dn]\n';

const authorityConfig = (dir: string): string =>
  [
    '[ca]',
    'default_ca=it',
    '[it]',
    `database=${dir}/index`,
    `serial=${dir}/serial`,
    `crlnumber=${dir}/number`,
    `new_certs_dir=${dir}`,
    'default_md=sha256',
    'policy=any',
    'unique_subject=no',
    'email_in_dn=yes',
    '[any]',
    'organizationName=optional',
    'organizationalUnitName=optional',
    'commonName=optional',
    '',
  ].join('\n');

const extensionsOf = ({
  isAuthority = false,
  alternativeNames,
  usage = 'clientAuth',
}: CertificateWish): string =>
  [
    'subjectKeyIdentifier=hash',
    ...(isAuthority
      ? ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign']
      : ['basicConstraints=CA:FALSE', `extendedKeyUsage=${usage}`]),
    ...(alternativeNames === undefined ? [] : [`subjectAltName=${alternativeNames}`]),
    '',
  ].join('\n');
