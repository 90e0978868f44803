import { describe, expect, it } from 'vitest';
import { checkForm, FORM_BODIES, type FormId } from '../src/forms/index.ts';
import { ENDPOINTS } from '../src/index.ts';

describe('the body of a form', () => {
  it.each(Object.keys(FORM_BODIES) as FormId[])('%s is the very schema that the call takes', (form) => {
    expect(FORM_BODIES[form]).toBe(ENDPOINTS[form].body);
  });

  it('is judged as it is sent: what is undefined is absent', () => {
    const body = { name: 'Ops', target: { kind: 'webhook', url: 'https://hook.test/x', secret: undefined } };
    expect(checkForm('createAlertChannel', body)).toEqual([]);
    expect(checkForm('createAlertChannel', { ...body, enabled: Number.NaN }).map(({ path }) => path)).toEqual(
      ['enabled'],
    );
  });
});
