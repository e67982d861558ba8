/** Colours by meaning, so that the code that writes a line need not know whether it has colour. */

import { cyan, dim, green, red, yellow } from "@std/fmt/colors";

/** What a part of a line means. */
export interface Palette {
  /** As it should be. */
  readonly good: (text: string) => string;
  /** Worth a look. */
  readonly warning: (text: string) => string;
  /** Wrong. */
  readonly bad: (text: string) => string;
  /** The name of a server, or of a speaker. */
  readonly name: (text: string) => string;
  /** In the background. */
  readonly faint: (text: string) => string;
}

const asItIs = (text: string) => text;

/** The palette of a screen. */
export function paletteOf({ colour }: { readonly colour: boolean }): Palette {
  return colour ? COLOURED : PLAIN;
}

/** No colours: for pipes and files. */
export const PLAIN: Palette = {
  good: asItIs,
  warning: asItIs,
  bad: asItIs,
  name: asItIs,
  faint: asItIs,
};

/** Colours: for terminals. */
export const COLOURED: Palette = { good: green, warning: yellow, bad: red, name: cyan, faint: dim };
