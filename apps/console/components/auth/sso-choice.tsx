import type { SignInOptionsDto } from '@gatehouse/contract';
import { buttonClass } from '@/components/ui/button-class';
import { authText } from '@/lib/page-title';
import { requestLanguage } from '@/lib/request-language';
import { ProblemIcon } from './problem-icon';
import { SsoButton } from './sso-button';

/** The way by the identity provider, above the fields; nothing where there is none. */
export async function SsoChoice({ options: { sso, passwordFor } }: { readonly options: SignInOptionsDto }) {
  if (sso === null) return null;
  const t = await authText();
  const { authMessages } = await requestLanguage();
  return (
    <div className="mb-5 flex flex-col gap-5">
      <SsoButton
        origin={sso.origin}
        problems={authMessages.auth.problem}
        problemIcon={<ProblemIcon />}
        className={buttonClass('primary', 'md', 'w-full')}
      >
        {t('ssoSignIn', { provider: sso.label })}
      </SsoButton>
      <p className="flex items-center gap-3 text-xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t(passwordFor === 'owners' ? 'ssoOrOwner' : 'ssoOr')}
      </p>
    </div>
  );
}
