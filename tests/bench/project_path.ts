/** The path of a file in the project's folder, whatever characters are in it (not on Windows). */
export function projectPath(file: string): string {
  return decodeURIComponent(new URL(`../../${file}`, import.meta.url).pathname);
}
