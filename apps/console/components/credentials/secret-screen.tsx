'use client';

import type { CredentialWithSecretDto, StartStatusDto } from '@gatehouse/contract';
import { CircleCheck, Download, KeyRound, Loader } from 'lucide-react';
import { ConnectBox } from '@/components/connect/connect-box';
import { Requirements } from '@/components/requirements/requirements';
import { SNIPPETS, snippet, type ConnectFacts } from '@/lib/connect/snippets';
import { pskMosquitto, pskOpenssl, x509Mosquitto } from '@/lib/connect/typed-snippets';
import { unknownBroker } from '@/lib/connect/targets';
import { useConnect } from '@/lib/connect/use-connect';
import { Button } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { CodeBlock, CopyButton } from '@/components/ui/copy';
import { Notice, Skeleton } from '@/components/ui/states';
import { Tabs } from '@/components/ui/tabs';
import { credentialResource, startStatusResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { save } from '@/lib/save-file';
import { useLeaveQuestion } from '@/lib/use-leave-question';
import { useResource } from '@/lib/use-resource';

const POLL_MS = 2_000;

/** The secret, once, with all that is needed to use it; and whether the client has come in yet. */
export function SecretScreen({ credential }: { readonly credential: CredentialWithSecretDto }) {
  const t = useText('credentials');
  useLeaveQuestion(credential.secret !== undefined);
  const start = useResource(startStatusResource);
  return (
    <div className="flex flex-col gap-4">
      {credential.secret !== undefined && (
        <div className="rounded-lg border border-accent bg-accent-soft p-4">
          <p className="flex items-center gap-2 text-sm font-medium">
            <KeyRound aria-hidden className="size-4 text-accent" />
            {t('once.title')}
          </p>
          <div className="mt-2 flex items-center gap-2 rounded-md border border-line-strong bg-surface py-1 pe-1 ps-3">
            <code data-testid="secret" className="mono min-w-0 flex-1 break-all select-all">
              {credential.secret}
            </code>
            <CopyButton text={credential.secret} label={t('once.copy')} />
          </div>
          <p className="mt-2 text-xs text-muted">
            {t(credential.type === 'psk' ? 'psk.onceHint' : 'once.hint')}
          </p>
        </div>
      )}
      {credential.type !== 'basic' && <Requirements proof={credential.type} />}
      {start.isPending ? (
        // A command with a guessed port would be copied: none is shown until the server has told.
        <Skeleton className="h-32" />
      ) : (
        <HowToConnect
          mqtt={start.data?.mqtt ?? unknownBroker(window.location.hostname)}
          credential={credential}
        />
      )}
      <ConnectWatch credential={credential} />
    </div>
  );
}

interface SnippetsProps {
  readonly mqtt: StartStatusDto['mqtt'];
  readonly credential: CredentialWithSecretDto;
}

/** Commands for the credential's type; for SCRAM, which clients can. */
function HowToConnect(props: SnippetsProps) {
  const t = useText('credentials');
  const { mqtt, credential } = props;
  const command = (label: string, code: string) => ({
    value: label,
    label,
    content: <CodeBlock code={code} label={label} />,
  });
  switch (credential.type) {
    case 'basic':
      return <Snippets {...props} />;
    case 'scram':
      return <Notice>{t('types.scramNeeds')}</Notice>;
    case 'psk':
      return (
        <Tabs
          label={t('snippets.label')}
          tabs={[
            command(t('snippets.mosquitto'), pskMosquitto(mqtt, credential)),
            command(t('snippets.openssl'), pskOpenssl(mqtt, credential)),
          ]}
        />
      );
    case 'x509':
      return <CodeBlock code={x509Mosquitto(mqtt, credential)} label={t('snippets.mosquitto')} />;
  }
}

/** The same connection for each kind of client, ready to copy. */
function Snippets({ mqtt, credential }: SnippetsProps) {
  const connect = useConnect(mqtt);
  const { secret = null, username, clientId, passwordless, rules } = credential;
  return (
    <ConnectBox connect={connect}>
      {(target) => (
        <SnippetTabs facts={{ ...target, username, clientId, password: secret, passwordless, rules }} />
      )}
    </ConnectBox>
  );
}

function SnippetTabs({ facts }: { readonly facts: ConnectFacts }) {
  const t = useText('credentials');
  return (
    <Tabs
      label={t('snippets.label')}
      tabs={SNIPPETS.map((kind) => ({
        value: kind,
        label: t(`snippets.${kind}`),
        content: (
          <div className="flex flex-col gap-2">
            <CodeBlock code={snippet(kind, facts)} label={t(`snippets.${kind}`)} />
            {kind === 'env' && <DownloadEnv text={snippet('env', facts)} />}
          </div>
        ),
      }))}
    />
  );
}

function DownloadEnv({ text }: { readonly text: string }) {
  const t = useText('credentials');
  return (
    <Button
      size="sm"
      className="self-start"
      icon={<Download aria-hidden className="size-4" />}
      onClick={() => save('.env', `${text}\n`)}
    >
      {t('snippets.download')}
    </Button>
  );
}

/** Ticks when the credential is used for the first time since this screen opened. */
function ConnectWatch({ credential }: { readonly credential: CredentialWithSecretDto }) {
  const t = useText('credentials');
  const { data } = useResource(credentialResource(credential.id), { refetchInterval: POLL_MS });
  const used = data !== undefined && data.lastUsedAt !== null && data.lastUsedAt !== credential.lastUsedAt;
  if (!used) {
    return (
      <Notice icon={<Loader aria-hidden className="animate-spin text-muted" />}>
        <span role="status">{t('watch.waiting')}</span>
      </Notice>
    );
  }
  return (
    <Notice icon={<CircleCheck aria-hidden className="text-accepted" />}>
      <span role="status">
        {t('watch.connected')} {data.lastUsedIp !== null && <ClientText text={data.lastUsedIp} />}
      </span>
    </Notice>
  );
}
