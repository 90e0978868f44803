'use client';

import { Field } from '@/components/ui/field';
import { PemArea } from '@/components/ui/pem-area';
import { useText } from '@/lib/i18n';

/** Bytes of a file that is read: more than any request has. */
const FILE_BYTES_MAX = 32_768;

interface RequestFieldProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (request: string) => void;
}

/** A request (PKCS#10, PEM), pasted or read from a file. */
export function RequestField({ value, error, onChange }: RequestFieldProps) {
  const t = useText('certificates');
  return (
    <div className="flex flex-col gap-1">
      <Field label={t('form.request')} hint={t('form.requestHint')} error={error}>
        {(ids) => <PemArea {...ids} kind="CERTIFICATE REQUEST" value={value} onChange={onChange} />}
      </Field>
      <label className="text-xs text-muted">
        {t('form.file')}{' '}
        <input
          type="file"
          className="text-xs"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file !== undefined && file.size <= FILE_BYTES_MAX) void file.text().then(onChange);
          }}
        />
      </label>
    </div>
  );
}
