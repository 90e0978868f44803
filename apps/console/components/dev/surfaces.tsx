'use client';

import type { Problem } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { Inbox, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Dialog } from '@/components/ui/dialog';
import { DragRow } from '@/components/ui/drag-row';
import { Field, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { FormDialog } from '@/components/ui/form-dialog';
import { ListSection } from '@/components/ui/list-section';
import { MissingNodes } from '@/components/ui/missing-nodes';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { SelectAllHead, SelectCell } from '@/components/ui/select-cells';
import {
  ErrorState,
  Forbidden,
  NothingMatches,
  Notice,
  Skeleton,
  SkeletonRows,
  StaleBanner,
  State,
} from '@/components/ui/states';
import {
  ActionsHeader,
  Pager,
  SortHeader,
  Table,
  TableHead,
  TableRows,
  td,
  th,
  tr,
} from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import type { PageOf } from '@/lib/endpoints';
import { useForm } from '@/lib/use-form';
import { Shelf, Specimen } from './shelf';

const nothing = (): void => undefined;
const PROBLEM: Problem = {
  type: 'urn:gatehouse:problem:conflict',
  title: 'Somebody else changed it',
  status: 409,
  code: 'conflict',
  requestId: 'req-1',
};
/** Of a field that the form shows, and of one that it has not. */
const FAULTS: Problem = {
  ...PROBLEM,
  code: 'invalid-input',
  errors: [
    { path: 'name', message: 'must not be empty' },
    { path: 'expiresAt', message: 'has passed' },
  ],
};

const ROWS = ['pump-7', 'lathe-1'];
const LIST: PageOf<string> = { items: ROWS, total: 2, totalIsExact: true, prev: null, next: null };

function Overlays() {
  const [open, setOpen] = useState<'dialog' | 'drawer' | 'form' | 'confirm' | null>(null);
  const close = (): void => setOpen(null);
  const form = useForm('updateAccount', { name: '' }, { problem: FAULTS, busy: false, send: close });
  return (
    <Shelf title="What lies over the page">
      <Specimen of="opened by a click">
        <Button onClick={() => setOpen('dialog')}>Dialog</Button>
        <Button onClick={() => setOpen('drawer')}>Drawer</Button>
        <Button onClick={() => setOpen('form')}>Form</Button>
        <Button onClick={() => setOpen('confirm')}>Question</Button>
        {(['info', 'good', 'bad'] as const).map((tone) => (
          <Button
            key={tone}
            onClick={() =>
              showToast({ tone, text: `A message (${tone})`, action: { label: 'Undo', run: nothing } })
            }
          >
            {`Message: ${tone}`}
          </Button>
        ))}
        <Button data-tip="A word about it">With a tip</Button>
      </Specimen>
      <Dialog
        open={open === 'dialog' || open === 'drawer'}
        variant={open === 'drawer' ? 'drawer' : 'center'}
        onClose={close}
        title="A title"
        description="One line about it."
        footer={<Button onClick={close}>Done</Button>}
      >
        <p>What it holds.</p>
      </Dialog>
      {open === 'form' && (
        <FormDialog title="A form" submitLabel="Send" form={form} onClose={close}>
          <Field label="Name" error={form.errorOf('name')}>
            {(ids) => <Input {...ids} defaultValue="" />}
          </Field>
        </FormDialog>
      )}
      <Confirm
        open={open === 'confirm'}
        title="Delete all of them?"
        confirmLabel="Delete"
        typeToConfirm="pump-7"
        onConfirm={close}
        onClose={close}
      >
        They are gone for good.
      </Confirm>
    </Shelf>
  );
}

function Rows() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['pump-7']));
  const [sort, setSort] = useState('-client');
  const list = useQuery({ queryKey: ['dev', 'rows'], queryFn: () => Promise.resolve(LIST) });
  return (
    <Shelf title="Rows">
      <Table label="Clients">
        <TableHead>
          <SelectAllHead ids={ROWS} selected={selected} onSelect={setSelected} />
          <SortHeader field="client" sort={sort} onSort={setSort}>
            Client ID
          </SortHeader>
          <th scope="col" className={th}>
            Username
          </th>
          <ActionsHeader />
        </TableHead>
        <TableRows rows={ROWS} columns={4}>
          {(name) => (
            <tr key={name} className={tr} aria-selected={selected.has(name)}>
              <SelectCell id={name} name={name} selected={selected} onSelect={setSelected} />
              <td className={td}>{name}</td>
              <td className={td}>plant</td>
              <td className={td} />
            </tr>
          )}
        </TableRows>
      </Table>
      <ListSection list={list} empty={<State title="No clients" />} onCursor={nothing}>
        <ol>
          {list.data?.items.map((name) => (
            <li key={name} className="p-3">
              {name}
            </li>
          ))}
        </ol>
      </ListSection>
      <Pager shown={2} total={40_000} totalIsExact={false} prev={null} next="x" onCursor={nothing} />
      <Table label="Clients that are loading" busy>
        <TableHead>
          <ActionsHeader />
        </TableHead>
        <TableRows rows={undefined} columns={1}>
          {() => null}
        </TableRows>
      </Table>
      <ol>
        {ROWS.map((name, index) => (
          <DragRow
            key={name}
            id={name}
            place={index + 1}
            editable
            dragged={index === 1}
            className="py-2"
            onDrag={nothing}
            onDropHere={nothing}
          >
            <span>{name}</span>
          </DragRow>
        ))}
      </ol>
    </Shelf>
  );
}

function States({ at }: { readonly at: string }) {
  return (
    <Shelf title="States of a page">
      <Specimen of="loading">
        <Skeleton className="h-4 w-40" />
        <table className="w-full">
          <tbody>
            <SkeletonRows rows={2} columns={4} />
          </tbody>
        </table>
      </Specimen>
      <State icon={<Inbox aria-hidden />} title="Nothing was refused">
        Clients that are refused are listed here.
      </State>
      <NothingMatches onClear={nothing} />
      <Forbidden />
      <ErrorState error={PROBLEM} onRetry={nothing} />
      <StaleBanner since={<RelativeTime iso={at} />} onRetry={nothing} />
      {(['neutral', 'warning', 'danger'] as const).map((tone) => (
        <Notice key={tone} tone={tone} icon={<TriangleAlert aria-hidden />}>
          {`Something to know before reading on (${tone}).`}
        </Notice>
      ))}
      <ProblemNotice problem={PROBLEM} />
      <MissingNodes nodes={['gate-2', 'gate-3']} />
      <QuietForm />
    </Shelf>
  );
}

function QuietForm() {
  const [name, setName] = useState('Ada');
  const form = useForm('updateAccount', { name }, { problem: null, busy: false, send: nothing });
  return (
    <Form form={form} className="flex flex-col gap-4">
      <Field label="Name" error={form.errorOf('name')}>
        {(ids) => <Input {...ids} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
    </Form>
  );
}

/** What holds other things, and what stands in their place. */
export const Surfaces = ({ at }: { readonly at: string }) => (
  <>
    <States at={at} />
    <Rows />
    <Overlays />
  </>
);
