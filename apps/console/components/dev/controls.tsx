'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton, Spinner } from '@/components/ui/button';
import type { ButtonTone } from '@/components/ui/button-class';
import { CommitInput } from '@/components/ui/commit-input';
import { ConfirmedDownload } from '@/components/ui/confirmed-download';
import { EnumSelect } from '@/components/ui/enum-select';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { FilterBar, FilterChip } from '@/components/ui/filter-chip';
import { FilterRow } from '@/components/ui/filter-row';
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuLink, MenuSeparator } from '@/components/ui/menu';
import { NodeSelect } from '@/components/ui/node-select';
import { PemArea } from '@/components/ui/pem-area';
import { SearchBox } from '@/components/ui/search-box';
import { Segments } from '@/components/ui/segments';
import { SelectionBar } from '@/components/ui/selection-bar';
import { Tabs } from '@/components/ui/tabs';
import { TimeInput } from '@/components/ui/time-input';
import { Checkbox, CheckboxField, Switch } from '@/components/ui/toggle';
import { Shelf, Specimen } from './shelf';

const TONES: readonly ButtonTone[] = ['neutral', 'primary', 'danger', 'quiet'];
const nothing = (): void => undefined;

function Buttons() {
  return (
    <Shelf title="Buttons">
      {TONES.map((tone) => (
        <Specimen key={tone} of={`${tone}: at rest, with an icon, small, busy, disabled, icon alone`}>
          <Button tone={tone}>Save</Button>
          <Button tone={tone} icon={<Plus aria-hidden />}>
            Add
          </Button>
          <Button tone={tone} size="sm">
            Save
          </Button>
          <Button tone={tone} busy>
            Saving
          </Button>
          <Button tone={tone} disabled>
            Save
          </Button>
          <IconButton tone={tone} label={`Delete (${tone})`}>
            <Trash2 aria-hidden />
          </IconButton>
        </Specimen>
      ))}
      <Specimen of="waiting">
        <Spinner />
      </Specimen>
      <Specimen of="menu">
        <Menu align="start" trigger={<Button>Columns</Button>}>
          <MenuLabel>Shown</MenuLabel>
          <MenuCheck checked onChange={nothing}>
            Client ID
          </MenuCheck>
          <MenuCheck checked={false} onChange={nothing}>
            Serial number
          </MenuCheck>
          <MenuSeparator />
          <MenuItem hint="E" onSelect={nothing}>
            Edit
          </MenuItem>
          <MenuItem disabled onSelect={nothing}>
            Move
          </MenuItem>
          <MenuItem danger onSelect={nothing}>
            Delete
          </MenuItem>
          <MenuLink href="/credentials">Credentials</MenuLink>
          <ConfirmedDownload href="/api/v1/audit/export.csv">Export</ConfirmedDownload>
        </Menu>
      </Specimen>
    </Shelf>
  );
}

function Fields() {
  const [at, setAt] = useState<string | null>(null);
  return (
    <Shelf title="Fields">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Username" hint="What the client sends as username.">
          {(ids) => <Input {...ids} defaultValue="plant" />}
        </Field>
        <Field label="Name" optional="optional">
          {(ids) => <Input {...ids} />}
        </Field>
        <Field label="Address" error="no address: 10.0.0.1 or 2001:db8::1">
          {(ids) => <Input {...ids} defaultValue="10.0.0" />}
        </Field>
        <Field label="Locked">{(ids) => <Input {...ids} disabled defaultValue="tls" />}</Field>
        <Field label="Listener">
          {(ids) => (
            <Select {...ids}>
              <option>tcp</option>
              <option>tls</option>
            </Select>
          )}
        </Field>
        <Field label="Ends">{(ids) => <TimeInput {...ids} value={at} onChange={setAt} />}</Field>
        <Field label="Description" className="sm:col-span-2">
          {(ids) => <TextArea {...ids} rows={2} />}
        </Field>
        <Field label="Certificate" className="sm:col-span-2">
          {(ids) => <PemArea {...ids} kind="CERTIFICATE" value="" onChange={nothing} />}
        </Field>
      </div>
      <CommitInput value="plant/#" label="Topic filter" placeholder="plant/#" onCommit={nothing} />
    </Shelf>
  );
}

function Choices() {
  const [on, setOn] = useState(true);
  const [range, setRange] = useState('1h');
  const [state, setState] = useState<'valid' | 'revoked' | null>(null);
  const [node, setNode] = useState<string | null>(null);
  return (
    <Shelf title="Choices">
      <Specimen of="boxes: off, on, some, disabled, with a word">
        <Checkbox aria-label="off" />
        <Checkbox aria-label="on" defaultChecked />
        <Checkbox aria-label="some" indeterminate />
        <Checkbox aria-label="disabled" disabled />
        <CheckboxField label="Superuser" hint="Skips all access rules." />
      </Specimen>
      <Specimen of="switches: on, off, disabled">
        <Switch checked={on} label="Enabled" onChange={setOn} />
        <Switch checked={false} label="Off" onChange={nothing} />
        <Switch checked disabled label="Locked" onChange={nothing} />
      </Specimen>
      <Specimen of="one of few">
        <Segments
          label="Range"
          value={range}
          onChange={setRange}
          options={[
            { value: '15m', label: '15 min' },
            { value: '1h', label: '1 h' },
          ]}
        />
        <EnumSelect
          label="State"
          options={['valid', 'revoked']}
          nameOf={(one) => one}
          anyName="Any state"
          value={state}
          onChange={setState}
        />
        <NodeSelect nodes={['gate-1', 'gate-2']} value={node} onChange={setNode} />
      </Specimen>
      <Tabs
        label="Snippets"
        tabs={[
          { value: 'py', label: 'Python', content: <p className="p-3 text-sm">paho</p> },
          { value: 'js', label: 'JavaScript', content: <p className="p-3 text-sm">MQTT.js</p> },
        ]}
      />
    </Shelf>
  );
}

function Filters() {
  const [text, setText] = useState<string | null>(null);
  return (
    <Shelf title="Filters and selection">
      <FilterRow
        search={{ value: text, label: 'Search', placeholder: 'Value, comment', onChange: setText }}
        chips={[{ label: 'Client ID', value: 'pump-7', onRemove: nothing }]}
        onClear={nothing}
        hint="3 found"
      />
      <SearchBox value="" label="Search clients" placeholder="Client ID" onChange={nothing} />
      <FilterBar onClear={nothing}>
        <FilterChip label="Reason" onRemove={nothing}>
          Password does not match
        </FilterChip>
      </FilterBar>
      <div className="relative min-h-14">
        <SelectionBar count={12} onClear={nothing}>
          <Button size="sm">Delete</Button>
        </SelectionBar>
      </div>
    </Shelf>
  );
}

/** What is acted upon. */
export const Controls = () => (
  <>
    <Buttons />
    <Fields />
    <Choices />
    <Filters />
  </>
);
