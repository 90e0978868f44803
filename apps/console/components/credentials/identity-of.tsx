'use client';

import { useText } from '@/lib/i18n';
import { IdentityFields, NameField, ScramFields, type DraftFieldsProps } from './draft-fields';
import { PskFields, X509Fields } from './type-fields';

/** Whom a credential is for, in the words of its type. */
export function IdentityOf(props: DraftFieldsProps) {
  const { type } = props.draft;
  if (type === 'basic') return <IdentityFields {...props} />;
  return (
    <div className="flex flex-col gap-4">
      {type === 'x509' && <X509Fields {...props} />}
      {type === 'psk' && <PskFields {...props} />}
      {type === 'scram' && <ScramFields {...props} />}
      <NameField {...props} />
      <p className="text-xs text-muted">
        <TypeNote type={type} />
      </p>
    </div>
  );
}

/** What has to be set up besides, so that it can admit anybody. */
function TypeNote({ type }: { readonly type: 'x509' | 'scram' | 'psk' }) {
  const t = useText('credentials');
  return t(`types.${type}Needs`);
}
