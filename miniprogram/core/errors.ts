/** Every failure as pages know it: a stable code for programs and a Chinese sentence that says what to do. */
export class Failure extends Error {
  constructor(
    /** Stable: the service's own code, or `offline`, `timeout`, `no_login`, `file_gone`, `unreadable`, `refused_here`. */
    readonly code: string,
    message: string,
    /** What is wrong with which input, by its dotted path. */
    readonly fields: Record<string, string> = {},
    /** The HTTP status; 0 when no answer came. */
    readonly status = 0,
  ) {
    super(message);
    this.name = 'Failure';
  }

  /** Nothing came back: the deed may or may not have been done, and asking again with the same key is safe. */
  get offline(): boolean {
    return this.status === 0 && (this.code === 'offline' || this.code === 'timeout');
  }

  /** Worth another try later, without the person: no network, or the service is busy, broken or being renewed. */
  get passing(): boolean {
    return this.offline || this.code === 'no_login' || this.status === 429 || this.status >= 500;
  }
}

/** What to say of anything that was thrown. */
export function sentence(thrown: unknown): string {
  return thrown instanceof Failure ? thrown.message : '这一步没有成功，请再试一次。';
}
