/** Between the tab that waits for a fresh proof and the one that came back with it from the provider. */
const NAME = 'gatehouse-sso';

export const tellConfirmed = (): void => {
  const channel = new BroadcastChannel(NAME);
  channel.postMessage('confirmed');
  channel.close();
};

/** Calls back when another tab has proved who one is; returns what stops it. */
export const onConfirmed = (then: () => void): (() => void) => {
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener('message', then);
  return () => channel.close();
};
