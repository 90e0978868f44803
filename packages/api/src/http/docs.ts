import { createHash } from 'node:crypto';
import { ENDPOINTS, type Endpoint, PROBLEMS, TAGS } from '@gatehouse/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { API_CSP } from './security-headers.ts';
import { problemsOf } from './openapi.ts';

const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1b1f24,#e6e8eb);--dim:light-dark(#59636e,#9aa4af);--line:light-dark(#dfe3e8,#31373e);--ground:light-dark(#fff,#15181c);--soft:light-dark(#f5f7f9,#1d2126);--accent:light-dark(#0b5cad,#79b8ff)}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 6rem}
h2{margin-top:3rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
section.call{margin:1rem 0;border:1px solid var(--line);border-radius:.5rem}
section.call>h3{margin:0;padding:.6rem .9rem;background:var(--soft);border-radius:.5rem .5rem 0 0;font:600 14px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
.call>div{padding:.2rem .9rem .7rem}
.method{color:var(--accent)}
.dim{color:var(--dim)}
code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.7rem;border-radius:.4rem;overflow:auto;max-height:24rem}
summary{cursor:pointer;color:var(--accent)}
nav a{margin-right:1rem}a{color:var(--accent)}
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const schemaBlock = (title: string, schema: z.ZodType | undefined, io: 'input' | 'output'): string => {
  if (schema === undefined || schema instanceof z.ZodUndefined) return '';
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return `<details><summary>${title}</summary><pre>${escapeHtml(JSON.stringify(json, null, 2))}</pre></details>`;
};

const callSection = (operationId: string, endpoint: Endpoint): string => {
  const problems = problemsOf(operationId, endpoint).map(
    (code) => `<code>${code}</code> ${PROBLEMS[code].status}`,
  );
  return `<section class="call" id="${operationId}"><h3><span class="method">${endpoint.method}</span> ${escapeHtml(endpoint.path.replace(/:(\w+)/g, '{$1}'))}</h3><div>
<p>${escapeHtml(endpoint.summary)}.${endpoint.description === undefined ? '' : ` ${escapeHtml(endpoint.description)}`}</p>
<p class="dim">Needs: <code>${endpoint.access}</code>${problems.length === 0 ? '' : `. Problems: ${problems.join(', ')}`}</p>
${schemaBlock('Query', endpoint.query, 'input')}${schemaBlock('Body', endpoint.body, 'input')}${schemaBlock(`Answer ${endpoint.status ?? 200}${endpoint.produces === undefined ? '' : `, ${endpoint.produces}`}`, endpoint.response, 'output')}</div></section>`;
};

const anchor = (tag: string): string => tag.toLowerCase().replace(/\W+/g, '-');

const page = (version: string): string => {
  const calls = Object.entries<Endpoint>(ENDPOINTS);
  const sections = TAGS.map(
    (tag) =>
      `<h2 id="${anchor(tag)}">${tag}</h2>${calls
        .filter(([, endpoint]) => endpoint.tag === tag)
        .map(([id, endpoint]) => callSection(id, endpoint))
        .join('\n')}`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Gatehouse management API</title><style>${STYLE}</style></head><body><main>
<h1>Gatehouse management API <span class="dim">${escapeHtml(version)}</span></h1>
<p>Sign in with <code>Authorization: Bearer KEY</code>; browsers use the console's session cookie. Errors are RFC 9457 problems. The same as <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<nav>${TAGS.map((tag) => `<a href="#${anchor(tag)}">${tag}</a>`).join('')}</nav>
${sections.join('\n')}</main></body></html>`;
};

const CSP = API_CSP.replace("default-src 'none'", `default-src 'none'; style-src 'sha256-${STYLE_HASH}'`);

/** The readable description: one page without scripts or foreign assets, made from the contract. */
export const sendDocs = (reply: FastifyReply, version: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').header('content-security-policy', CSP).send(page(version));
