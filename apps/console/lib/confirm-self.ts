/** Asks the person to prove who they are; false: they would not. */
type Confirmer = () => Promise<boolean>;

let confirmer: Confirmer | null = null;

/** Told by the shell, which has the dialog. */
export const setConfirmer = (next: Confirmer | null): void => {
  confirmer = next;
};

export const confirmSelf = (): Promise<boolean> => confirmer?.() ?? Promise.resolve(false);
