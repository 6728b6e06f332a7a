/**
 * Something that its owner may give up while requests still use it. It is disposed when the last of them lets go.
 */
export class Shared<T extends Disposable> implements Disposable {
  private holders = 1;

  constructor(readonly value: T) {}

  /** Keeps the value until the result is disposed. */
  hold(): Disposable {
    this.holders += 1;
    let held = true;
    const letGo = (): void => {
      if (held) this.letGo();
      held = false;
    };
    return { [Symbol.dispose]: letGo };
  }

  /** The owner gives it up; to be called once. */
  [Symbol.dispose](): void {
    this.letGo();
  }

  private letGo(): void {
    this.holders -= 1;
    if (this.holders === 0) this.value[Symbol.dispose]();
  }
}
