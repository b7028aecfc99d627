// @ts-check

/** A fault that the person at the keyboard can do something about: a sentence and what to do, no stack. */
export class Fault extends Error {
  /**
   * @param {string} message What is wrong.
   * @param {string} resolution What to do about it.
   * @param {string} [detail] What a tool printed.
   */
  constructor(message, resolution, detail) {
    super(message);
    this.name = 'Fault';
    this.resolution = resolution;
    this.detail = detail;
  }
}

/** What tools print, or error codes say, and what it means for people. The first that fits counts. */
const causes = /** @type {const} */ ([
  {
    sign: /ENOSPC|no space left on device|disk quota exceeded|EDQUOT/i,
    message: 'The disk is full.',
    resolution: 'Free some space (an installation takes about 2 GB) and run the command again.',
  },
  {
    sign: /EROFS|EACCES|EPERM|permission denied|read-only file system/i,
    message: 'A file or folder cannot be written.',
    resolution:
      'Make the project folder writable for your user (is it mounted read-only, or owned by root?).',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network request|Temporary failure resolving/i,
    message: 'A download failed: the network or the server did not answer.',
    resolution:
      'Check the connection, and behind a proxy `npm config get proxy` and `registry`; then run it again.',
  },
  {
    sign: /EUSAGE|can only install packages when your package.json and package-lock.json/i,
    message: 'package.json and package-lock.json do not belong together.',
    resolution: 'Restore both from git, or run `npm install` once if you changed package.json.',
  },
]);

/**
 * Makes a Fault of what a tool printed or a system call threw.
 * @param {string} doing What was being done, e.g. `Installing packages`.
 * @param {unknown} error An error, or the end of a tool's output.
 * @returns {Fault}
 */
export function explain(doing, error) {
  if (error instanceof Fault) return error;
  const text =
    error instanceof Error ? `${/** @type {any} */ (error).code ?? ''} ${error.message}` : String(error);
  const cause = causes.find((each) => each.sign.test(text));
  if (cause) return new Fault(`${doing} failed. ${cause.message}`, cause.resolution, text.trim());
  return new Fault(
    `${doing} failed.`,
    'What it printed is above; run the command again to retry.',
    text.trim(),
  );
}
