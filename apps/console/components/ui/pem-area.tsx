import type { ComponentProps } from 'react';
import { TextArea } from './field';

interface PemAreaProps extends Omit<ComponentProps<typeof TextArea>, 'value' | 'onChange'> {
  /** What its first line says it is. */
  readonly kind: 'CERTIFICATE' | 'CERTIFICATE REQUEST';
  readonly value: string;
  readonly onChange: (pem: string) => void;
}

/** Where a PEM text is pasted. */
export const PemArea = ({ kind, onChange, ...rest }: PemAreaProps) => (
  <TextArea
    {...rest}
    rows={6}
    spellCheck={false}
    className="mono text-xs"
    placeholder={`-----BEGIN ${kind}-----`}
    onChange={(event) => onChange(event.target.value)}
  />
);
