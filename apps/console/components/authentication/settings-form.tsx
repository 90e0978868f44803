'use client';

import { useState, type ReactNode } from 'react';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { Notice } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import type { FormContext } from './field-parts';
import { isRelevant } from './relevance';
import { groupOf, GROUPS, type Group, type SchemaNode } from './schema';
import { SettingField } from './setting-field';

/** What most leave as it is. */
const FOLDED: ReadonlySet<Group> = new Set<Group>(['tls', 'load']);

/** The settings of an authenticator, in groups, as its type's schema has them. */
export function SettingsForm(props: FormContext) {
  const { draft } = props;
  const members = Object.entries(draft.schema.properties ?? {}).filter(
    ([name]) => name !== 'type' && isRelevant(name, { settings: draft.settings, secrets: props.secrets }),
  );
  return (
    <div className="flex flex-col gap-5">
      <ProblemNotice problem={draft.problem} />
      {draft.unplaced.length > 0 && (
        <Notice tone="danger">
          {draft.unplaced.map(({ path, message }) => (
            <p key={path}>
              <span className="mono">{path}</span> {message}
            </p>
          ))}
        </Notice>
      )}
      {GROUPS.map((group) => {
        const own = members.filter(([name]) => groupOf(name) === group);
        if (own.length === 0) return null;
        return (
          <GroupSection
            key={group}
            group={group}
            forceOpen={own.some(([name, node]) => hasError(props, name, node))}
          >
            {own.map(([name, node]) => (
              <SettingField key={name} {...props} path={name} node={node} />
            ))}
          </GroupSection>
        );
      })}
    </div>
  );
}

/** Whether it, or a setting within it, has something said against it. */
const hasError = (props: FormContext, path: string, node: SchemaNode): boolean =>
  props.draft.errorOf(path) !== undefined ||
  Object.entries(node.properties ?? {}).some(([name, below]) => hasError(props, `${path}.${name}`, below));

interface GroupSectionProps {
  readonly group: Group;
  readonly forceOpen: boolean;
  readonly children: ReactNode;
}

function GroupSection({ group, forceOpen, children }: GroupSectionProps) {
  const t = useText('authentication');
  const [open, setOpen] = useState(false);
  const grid = <div className="mt-3 grid gap-4 sm:grid-cols-2">{children}</div>;
  if (!FOLDED.has(group)) {
    return (
      <section className="border-t border-line pt-4 first:border-t-0 first:pt-0">
        <h3 className="text-base font-semibold">{t(`group.${group}`)}</h3>
        {grid}
      </section>
    );
  }
  return (
    <details
      open={open || forceOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="border-t border-line pt-4"
    >
      <summary className="min-h-6 text-base font-semibold">{t(`group.${group}`)}</summary>
      {grid}
    </details>
  );
}
