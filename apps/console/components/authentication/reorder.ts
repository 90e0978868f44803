/** The steps with one of them at another place; places beyond the ends are the ends. */
export function moved(steps: readonly string[], name: string, to: number): readonly string[] {
  if (!steps.includes(name)) return steps;
  const others = steps.filter((step) => step !== name);
  const at = Math.min(Math.max(to, 0), others.length);
  return [...others.slice(0, at), name, ...others.slice(at)];
}
