/**
 * Takes the focus to the first field with something wrong, once it shows; where there is none, what is said against the
 * whole comes into sight. False, for it stands for "not ready".
 */
export function focusInvalid(form: HTMLFormElement | null): false {
  requestAnimationFrame(() => {
    const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (field !== null && field !== undefined) field.focus();
    else (form?.querySelector('[role="alert"]') ?? form)?.scrollIntoView({ block: 'nearest' });
  });
  return false;
}
