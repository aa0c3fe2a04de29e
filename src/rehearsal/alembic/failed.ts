/** What alembic itself refuses: `FAILED: message` on standard output, `ERROR` in the log on standard error, exit 255. */
export class Failed extends Error {}

/** What goes wrong below alembic: a Python traceback on standard error, exit 1. `type` is the exception's full name. */
export class Raised extends Error {
  readonly type: string;
  constructor(type: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.type = type;
  }
}
