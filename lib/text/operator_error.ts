/** Errors that the person at the keyboard can mend. */

/** Something that the operator asked for can't be had; the message says what, and what can. */
export class OperatorError extends Error {
  /** The name of the class. */
  override readonly name = "OperatorError";
}
