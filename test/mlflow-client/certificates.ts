/** @file Certificates for a test: an authority, a server that it vouches for, and a client. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates extends Disposable {
  /** Paths of PEM files; the client's holds its key as well. */
  readonly authority: string;
  readonly client: string;
  readonly server: { readonly cert: string; readonly key: string; readonly ca: string };
}

/** Why tests of TLS are left out; null where openssl is there. */
export const opensslReason: string | null =
  spawnSync('openssl', ['version']).status === 0 ? null : 'there is no openssl';

/** For 127.0.0.1 and mlflow.test. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-tls-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = ['-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=authority'];
  openssl('req', '-x509', '-days', '2', ...curve, ...authority);
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1,DNS:mlflow.test');
  for (const name of ['server', 'client']) {
    const asked = ['-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${name}`];
    openssl('req', ...curve, ...asked);
    const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'];
    const files = ['-in', at(`${name}.csr`), '-out', at(`${name}.pem`), '-extfile', at('names')];
    openssl('x509', '-req', '-days', '2', ...signing, ...files);
  }
  const text = (name: string) => readFileSync(at(name), 'utf8');
  writeFileSync(at('both.pem'), text('client.pem') + text('client.key'));
  return {
    authority: at('ca.pem'),
    client: at('both.pem'),
    server: { cert: text('server.pem'), key: text('server.key'), ca: text('ca.pem') },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
