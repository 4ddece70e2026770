/** The text of each generated file, by path. */
export function generatedFiles(): Promise<Map<string, string>>;
