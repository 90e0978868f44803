/** Runs when what was just changed has been drawn; returns how to call it off. A tab that nobody sees draws nothing: there it runs soon. */
export function afterPaint(run: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(run, 0);
    return () => clearTimeout(timer);
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => (timer = setTimeout(run, 0)));
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
