/** Takes the focus to the first field with something wrong, once it shows; false, for it stands for "not ready". */
export function focusInvalid(form: HTMLFormElement | null): false {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  return false;
}
