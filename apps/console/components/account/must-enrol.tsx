'use client';

import { useState } from 'react';
import { Wordmark } from '@/components/brand';
import { signOut } from '@/components/shell/sign-out';
import { Button } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import { EnrolSteps } from './enrol-steps';
import { RecoveryCodes } from './recovery-codes';

/** Stands in for every page until the authenticator app that the role demands is set up. */
export function MustEnrol() {
  const t = useText('account');
  const shell = useText('shell');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-xl flex-col justify-center gap-6 p-4 py-10">
      <Wordmark />
      <section className="card p-6">
        <h1 className="text-xl font-semibold tracking-tight">
          {t(codes === null ? 'enrol.title' : 'codes.title')}
        </h1>
        {codes === null && <p className="mt-1 text-muted">{t('enrol.must')}</p>}
        <div className="mt-5">
          {codes === null ? (
            <div className="flex flex-col gap-6">
              <EnrolSteps onDone={setCodes} />
              <Button tone="quiet" className="self-start" onClick={() => void signOut()}>
                {shell('signOut')}
              </Button>
            </div>
          ) : (
            <div className="flex flex-col gap-5">
              <RecoveryCodes codes={codes} />
              <Button tone="primary" className="self-start" onClick={() => window.location.assign('/')}>
                {t('codes.kept')}
              </Button>
            </div>
          )}
        </div>
      </section>
    </main>
  );
}
