'use client';

import type { StartStatusDto } from '@gatehouse/contract';
import { ShieldCheck } from 'lucide-react';
import { ConnectBox } from '@/components/connect/connect-box';
import { exampleCommand } from '@/lib/connect/snippets';
import { useConnect } from '@/lib/connect/use-connect';
import { Button, Spinner } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/copy';
import { NothingMatches, State } from '@/components/ui/states';
import { startStatusResource } from '@/lib/endpoints';
import { useFormat, useText } from '@/lib/i18n';
import { activeFilters } from '@/lib/unauthorized/active-filters';
import { everythingResource } from '@/lib/unauthorized/resources';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { useRelaxations, type Relaxation } from '@/lib/unauthorized/use-relaxations';
import { useResource } from '@/lib/use-resource';
import { FilterValue, filterLabel } from './filters/active-filter-chips';

/** No rows: because no refusal is kept, or because the filters leave none over. */
export function EmptyRows({ model }: { readonly model: RefusedModel }) {
  const everything = useResource(everythingResource);
  if (everything.data === undefined) {
    return (
      <div className="card flex justify-center py-16">
        <Spinner />
      </div>
    );
  }
  return (
    <div className="card">
      {everything.data.clients === 0 ? <Nobody live={model.live.on} /> : <NothingLeft model={model} />}
    </div>
  );
}

/** The good news, and how to see the page at work. */
function Nobody({ live }: { readonly live: boolean }) {
  const t = useText('unauthorized');
  const { data } = useResource(startStatusResource);
  return (
    <State
      icon={<ShieldCheck aria-hidden className="text-accepted" />}
      title={t('empty.title')}
      className="max-w-2xl"
    >
      <p>{t(live ? 'empty.text' : 'empty.textLiveOff')}</p>
      {data !== undefined && <RefusedCommand mqtt={data.mqtt} />}
    </State>
  );
}

function RefusedCommand({ mqtt }: Pick<StartStatusDto, 'mqtt'>) {
  const t = useText('unauthorized');
  const connect = useConnect(mqtt);
  return (
    <div className="mt-4">
      <ConnectBox connect={connect}>
        {(target) => (
          <CodeBlock code={exampleCommand(target, 'pump-7', 'wrong')} label={t('empty.command')} />
        )}
      </ConnectBox>
    </div>
  );
}

/** Which filter hides most, and what would be seen without it. */
function NothingLeft({ model }: { readonly model: RefusedModel }) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const { control, view } = model;
  const found = useRelaxations(view);
  const worst = found[0];
  if (worst === undefined) return <NothingMatches onClear={control.clear} />;
  return (
    <NothingMatches
      onClear={control.clear}
      hint={
        <>
          <p>{t('nothing.text')}</p>
          <ul className="mt-3 flex flex-col items-center gap-1.5">
            {found.map((relaxation) => (
              <li key={relaxation.key}>
                <Button onClick={() => control.change(relaxation.patch)}>
                  <RelaxationName relaxation={relaxation} model={model} />
                  <span className="nums text-muted">
                    {t('nothing.would', {
                      count: relaxation.total,
                      shown: `${formatNumber(relaxation.total)}${relaxation.exact ? '' : '+'}`,
                    })}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        </>
      }
    />
  );
}

function RelaxationName({
  relaxation,
  model,
}: {
  readonly relaxation: Relaxation;
  readonly model: RefusedModel;
}) {
  const t = useText('unauthorized');
  if (relaxation.key === 'state') return t('nothing.state');
  if (relaxation.key === 'range') return t('nothing.range');
  const filter = activeFilters(model.view).find(({ key }) => key === relaxation.key);
  if (filter === undefined) return relaxation.key;
  return (
    <span className="max-w-72 truncate">
      {t('nothing.without')} <span className="text-muted">{filterLabel(t, filter)}</span>{' '}
      <FilterValue filter={filter} />
    </span>
  );
}
