/** Only a path of this origin may follow a sign-in. */
export const safeNext = (): string => {
  const next = new URLSearchParams(window.location.search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
};
