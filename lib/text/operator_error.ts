/** Errors that the operator can correct. */

/**
 * The operator asked for something impossible; the message says what is wrong, and what is
 * accepted.
 */
export class OperatorError extends Error {
  /** The name of the class. */
  override readonly name = "OperatorError";
}
