import type { Replaceable } from '../config.ts';

/** A value that its owner replaces: what listeners need to follow renewed files. */
export class ReplaceableValue<T> implements Replaceable<T> {
  #value: T;
  readonly #followers: ((next: T) => void)[] = [];

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  onReplace(run: (next: T) => void): void {
    this.#followers.push(run);
  }

  /**
   * Puts another value in force.
   *
   * @throws what a follower throws that cannot use it; the one before stays.
   */
  replace(next: T): void {
    for (const follow of this.#followers) follow(next);
    this.#value = next;
  }
}
